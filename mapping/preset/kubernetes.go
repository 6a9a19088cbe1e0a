// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// kubernetesAudit maps the audit events of a Kubernetes API server, audit.k8s.io/v1.
//
// They come one by one, as an EventList of a webhook, from Amazon EKS in CloudWatch Logs, or from AKS in a resource log. A
// request has an event at each of its stages; all share the auditID.
//
// The principal is the user that was authenticated, also where another is impersonated: that one stands in details. The
// source address is the first of sourceIPs, which the client itself may have claimed: only the last is seen by the
// server, so the whole list stands in requestParameters.
var kubernetesAudit = Preset{
	Name: "kubernetes_audit",
	Link: "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
	Mark: "verb",
	Fits: allOf{
		isString(path("verb")),
		anyOf{
			allOf{isString(path("auditID")), isString(path("stage"))}, // of an EventList's items that is all there always is
			allOf{is(path("kind"), "Event"), anyOf{
				hasPrefix(path("apiVersion"), "audit.k8s.io/"), isObject(path("objectRef")), isString(path("requestURI")),
			}},
		},
	},

	Type:        kubernetesUserType(path("user", "username")),
	PrincipalID: first(path("user", "username"), path("user", "uid")),
	Details: parts(
		member("id", path("user", "uid")),
		member("groups", path("user", "groups")),
		member("extra", path("user", "extra")),
		member("impersonatedUser", path("impersonatedUser", "username")),
		member("impersonatedUser.uid", path("impersonatedUser", "uid")),
		member("impersonatedUser.groups", path("impersonatedUser", "groups")),
		member("impersonatedUser.extra", path("impersonatedUser", "extra")),
	),

	UserAgent:   path("userAgent"),
	EventSource: constant("kubernetes"),
	// As Google names the same requests in its own audit log: pods.create, pods/exec.create.
	EventName: first(
		join(".", join("/", path("objectRef", "resource"), path("objectRef", "subresource")), path("verb")),
		join(".", path("objectRef", "resource"), path("verb")),
		join(" ", path("verb"), before("?", path("requestURI"))), // no resource: /healthz, /version
		again(path("verb")),
	),
	EventTime: []Expr{
		path("requestReceivedTimestamp"),
		path("stageTimestamp"),
		outer("timestamp"), // of CloudWatch Logs
		outer("time"),      // of an AKS resource log
	},
	UID: path("auditID"),
	ID:  join("-", path("auditID"), path("stage")),
	Request: parts(
		member("namespace", path("objectRef", "namespace")),
		member("resource", path("objectRef", "resource")),
		member("subresource", path("objectRef", "subresource")),
		member("name", path("objectRef", "name")),
		member("apiGroup", path("objectRef", "apiGroup")),
		member("apiVersion", path("objectRef", "apiVersion")),
		member("uid", path("objectRef", "uid")),
		member("resourceVersion", path("objectRef", "resourceVersion")),
		member("verb", path("verb")),
		member("requestURI", path("requestURI")),
		member("sourceIPs", path("sourceIPs")),
		member("requestObject", path("requestObject")),
	),
	Response: parts(
		member("code", path("responseStatus", "code")),
		member("status", path("responseStatus", "status")),
		member("details", path("responseStatus", "details")),
		member("responseObject", path("responseObject")),
	),
	ErrorCode: when(kubernetesFailed, first(
		path("responseStatus", "reason"),
		again(path("responseStatus", "code")),
		path("responseStatus", "status"),
		path("stage"),
	)),
	ErrorMessage: when(kubernetesFailed, path("responseStatus", "message")),
	SourceIP:     []Expr{path("sourceIPs", "0")},

	Secrets: []Expr{
		when(kubernetesSecret, path("requestObject", "data")),
		when(kubernetesSecret, path("requestObject", "stringData")),
		when(kubernetesSecret, path("requestObject", "binaryData")),
		when(kubernetesSecret, path("responseObject", "data")),
		when(kubernetesSecret, path("responseObject", "stringData")),
		when(kubernetesSecret, path("responseObject", "binaryData")),
		when(kubernetesSecret, every("responseObject", "items", "*", "data")),
		when(kubernetesSecret, every("responseObject", "items", "*", "stringData")),
		when(kubernetesSecret, every("responseObject", "items", "*", "binaryData")),
		path("requestObject", "metadata", "annotations", lastApplied),
		path("responseObject", "metadata", "annotations", lastApplied),
		every("responseObject", "items", "*", "metadata", "annotations", lastApplied),
		path("responseObject", "status", "token"), // TokenRequest
	},
}

// lastApplied is the annotation in which kubectl keeps the whole of what was applied, a Secret's data included:
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

var (
	kubernetesFailed = anyOf{
		atLeast{path("responseStatus", "code"), 400},
		is(path("responseStatus", "status"), "Failure"),
		is(path("stage"), "Panic"),
	}
	kubernetesSecret = is(path("objectRef", "resource"), "secrets", "configmaps")
)

// kubernetesUserType tells the kind of a Kubernetes user by its name:
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/
func kubernetesUserType(name Expr) Expr {
	return first(
		when(is(name, "system:anonymous"), constant("Anonymous")),
		when(hasPrefix(name, "system:serviceaccount:"), constant("ServiceAccount")),
		when(hasPrefix(name, "system:node:"), constant("Node")),
		when(hasPrefix(name, "system:"), constant("System")),
		when(present{name}, constant("User")),
	)
}
