// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// redacted returns a JSON object without its secrets.
func redacted(tb testing.TB, json string, more ...string) string {
	t := tree.New()
	r := New(NewNames(more), t)
	root, ok := t.AddJSON(json)
	require.True(tb, ok, json)
	r.Begin()
	r.Look(root, false)
	r.Apply()
	return string(t.AppendJSON(nil, root))
}

// TestRedact hides what is marked with §…§ in each record, and nothing else. In the marker N stands for the size.
func TestRedact(t *testing.T) {
	for name, record := range map[string]string{
		"keys":        `{"Authorization":"§Bearer abc.def§","apiKey":"§k§","client-secret":"§s§","dbPassword":"§p§","password2":"§p§","refresh_token":"§r§","x":{"SECRET_ACCESS_KEY":"§s§"}}`,
		"dotted keys": `{"http.request.header.authorization":"§Basic eA==§","http.request.header.set-cookie":["§a=b§","§c=d§"],"user.otp":"§123456§"}`,
		"no secrets": `{"access_key_id":"AKIAIOSFODNN7EXAMPLE","accessKeyId":"AKIAIOSFODNN7EXAMPLE","authorization_info":"x","secretName":"s","session.id":"8f3b","hashed_token":"aGFzaA==",` +
			`"tokenId":"t","token_id":7,"token_type":"Bearer"}`,
		"no secrets of sources": `{"annotations":{"apiserver.latency.k8s.io/authorization":"1.971µs","authentication.k8s.io/legacy-token":"system:serviceaccount:a:b","authorization.k8s.io/decision":"allow"},` +
			`"gen_ai.usage.input_tokens":12,"nextToken":"n","passwordLastSet":"2026-01-01","programmatic_access_type":"Fine-grained personal access token"}`,
		"hidden before":  `{"password":"***","secret":"[REDACTED]","token":"hmac-sha256:` + strings.Repeat("0a", 32) + `","tokens":"[redacted: 12 bytes]"}`,
		"hidden in vain": `{"secret":"§[redacted: my bytes]§","token":"§hmac-sha256:hunter2§"}`,
		"no values":      `{"hasPassword":true,"password":"","secret":null,"token":"-"}`,
		"numbers":        `{"otp":"§123456§","password":"§12345678§"}`,
		"objects that are none": `{"accessKey":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","status":"Active"},"authorization":{"action":"read","evidence":{"role":"Owner"}},` +
			`"credentials":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","sessionToken":"§t§"},"secret":{"secretName":"tls"}}`,
		"objects that hold one": `{"cookies":{"JSESSIONID":"§abc§"},"password":{"hash":{"value":"§x§"},"value":"§hunter2§"}}`,
		"names and values": `{"Parameters":[{"Name":"Identity","Value":"bob"},{"Name":"Password","Value":"§hunter2§"}],"env":[{"name":"DB_PASSWORD","value":"§hunter2§"},{"name":"HOME","value":"/root"}],` +
			`"headers":[{"key":"Cookie","values":["§a=b§"]}],"modified":[{"Name":"AccessToken","NewValue":"§n§","OldValue":"§o§"},{"displayName":"TemporaryPassword","newValue":"§p§"}]}`,
		"kubernetes secret": `{"objectRef":{"name":"s","resource":"secrets"},"requestObject":{"data":{"a":"§YQ==§"},"kind":"Secret","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"§{\"data\":1}§"},"name":"s"},"stringData":{"b":"§b§"},"type":"Opaque"}}`,
		"kubernetes list":   `{"objectRef":{"resource":"configmaps"},"responseObject":{"items":[{"binaryData":{"a":"§YQ==§"},"data":{"b":"§b§"},"metadata":{"name":"c"}}],"kind":"ConfigMapList"}}`,
		"kubernetes patch": `{"objectRef":{"resource":"secrets"},"requestObject":[{"op":"replace","path":"/data/password","value":"§aHVudGVyMg==§"},{"op":"add","path":"/metadata/labels/a","value":"b"},` +
			`{"op":"test","path":"/metadata/resourceVersion","value":"821"},{"op":"replace","path":"/type","value":"Opaque"},{"op":"add","path":"/Data/a","value":"§YQ==§"},{"op":"add","path":"","value":{"kind":"§Secret§"}},` +
			`{"op":"add","path":"/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration","value":"§{\"data\":{}}§"}]}`,
		"kubernetes merge patch": `{"objectRef":{"resource":"secrets"},"requestObject":{"data":{"a":"§YQ==§"}}}`,
		"kubernetes, refused": `{"objectRef":{"resource":"secrets"},"responseStatus":{"details":{"causes":[{"field":"patch","message":"Invalid value: \"§map[stringData:map[pin:1234 pw:hunter2 \\\"and\\\" more]]§\": cannot convert int64 to string"}]},` +
			`"message":" \"\" is invalid: patch: Invalid value: \"§{\\\"data\\\":{\\\"a\\\":\\\"Yg==\\\"},\\\"stringData\\\":{\\\"pin\\\":1234}}§\": json: cannot unmarshal number"}}`,
		"kubernetes, refused type": `{"objectRef":{"resource":"configmaps"},"responseStatus":{"message":"failed to create typed patch object (/c; /v1, Kind=ConfigMap): errors:\n  .data.a: expected string, got §&{[hunter2\nb]}§"}}`,
		"kubernetes, refused body": `{"objectRef":{"resource":"secrets"},"responseStatus":{"message":"the object provided is unrecognized (must be of type Secret): couldn't get version/kind; json parse error: unexpected end of JSON input (§{\"data\":{\"a\":\"aHVudGVyMg== ...§)"}}`,
		"kubernetes, other refusals": `{"objectRef":{"resource":"secrets"},"responseStatus":{"message":"Secret \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain (e.g. 'example.com')"},` +
			`"x":{"message":"secrets \"s\" is forbidden: User \"bob\" cannot get resource \"secrets\" in API group \"\" in the namespace \"a\""}}`,
		"others refused type": `{"a":"failed to create typed patch object (a/d; apps/v1, Kind=Deployment): .spec.template.spec.containers[name=\"c\"].env[name=\"DB_PASSWORD\"].value: expected string, got §&value.valueUnstructured{Value:12345}§",` +
			`"b":"failed to create typed patch object (a/v; example.com/v1, Kind=V): .spec.password: expected string, got §&{[hunter2]}§","c":".spec.env[name=\"HOME\"].value: expected string, got &{1}","d":"a: b, got &{c}"}`,
		"others refused": `{"objectRef":{"resource":"pods"},"responseStatus":{"message":"patch: Invalid value: \"map[spec:map[replicas:x]]\": cannot convert"}}`,
		"json patch": `{"patch":[{"op":"replace","path":"/spec/password","value":"§hunter2§"},{"op":"add","path":"/spec/db~1token","value":"§abc§"},{"op":"test","path":"/spec/tokens/0","value":"§abc§"},` +
			`{"op":"add","path":"/spec/volumes/0/secret","value":{"secretName":"tls"}},{"op":"add","path":"/spec/imagePullSecrets","value":[{"name":"registry"}]},{"path":"/oauth/token","value":12}]}`,
		"kubernetes token": `{"objectRef":{"resource":"serviceaccounts","subresource":"token"},"responseObject":{"kind":"TokenRequest","spec":{"audiences":["a"],"expirationSeconds":3600},"status":{"expirationTimestamp":"2026-03-04T05:06:07Z","token":"§eyJhbGciOi.eyJ.sig§"}}}`,
		"vault, raw":       `{"auth":{"client_token":"§hvs.abc§"},"request":{"data":{"a":{"b":"§c§"}},"operation":"read","path":"x"},"response":{"data":{"n":"§7§","ok":true}}}`,
		"vault":            `{"auth":{"client_token":"hmac-sha256:` + strings.Repeat("0a", 32) + `"},"request":{"client_token":"hmac-sha256:aa01","data":{"a":"hmac-sha256:0a"},"operation":"read","path":"x"}}`,
		"vault, raw, unauthenticated": `{"request":{"data":{"role_id":"§r-1§","secret_id":"§s-1§"},"operation":"update","path":"auth/approle/login"},` +
			`"response":{"data":{"error":"§invalid role or secret ID§"}},"type":"response"}`,
		"vault, unauthenticated": `{"request":{"data":{"role":"web","jwt":"hmac-sha256:0a"},"operation":"update","path":"auth/jwt/login"},"type":"request"}`,
		"vault, raw, no token":   `{"request":{"client_token":"undefined","data":{"secret_id":"§s-1§"},"operation":"update","path":"auth/approle/login"},"type":"request"}`,
		"vault, masked":          `{"request":{"client_token":"****","data":{"a":"****","n":1,"role":"web"},"operation":"update","path":"x"},"type":"request"}`,
		"vault, numbers":         `{"request":{"data":{"n":"§1§","ok":true,"x":""},"operation":"update","path":"sys/unseal"},"type":"request"}`,
		"vault, no operation":    `{"request":{"client_token":"§hvs.abc§","data":{"a":"§b§"},"mount_point":"kv/","path":"kv/a"},"type":"request"}`,
		"no request of vault's":  `{"request":{"data":{"a":"b"},"operation":"update","path":"/a"},"type":"audit"}`,
		"other data":             `{"kind":"Widget","data":{"a":"b"}}`,
		"gke":                    `{"protoPayload":{"request":{"@type":"core.k8s.io/v1.Secret","data":{"a":"§YQ==§"}},"resourceName":"core/v1/namespaces/default/secrets/s"}}`,
		"gke patch":              `{"protoPayload":{"request":{"@type":"k8s.io/Patch","data":{"a":"§YQ==§"}},"resourceName":"core/v1/namespaces/default/secrets/s"}}`,
		"urls": `{"a":"https://x.blob.core.windows.net/c?sv=2024&sig=§aB%2Fc%3D§&se=2026","b":"postgres://app:§hunter2§@db:5432/x?sslmode=on","c":"GET /cb?access_token=§abc§&state=1 HTTP/1.1",` +
			`"d":"https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA%2F20260304&X-Amz-Signature=§0f1e§&X-Amz-Expires=60","e":"https://example.com/a:b@c","f":"https://user@example.com","g":"/?un=ana&pw=§hunter2§"}`,
		"text": `{"a":"login password='§hunter 2§' user=bob","b":"curl -H \"Authorization: Bearer §abc.def§\" x","c":"Server=db;Pwd=§hunter2§;Database=x","d":"invalid token: expired",` +
			`"e":"UPDATE t SET token = $1 WHERE a = 2","f":"Set-Cookie: §sid=31d4; Path=/§\r\nHost: x","g":"authorization: denied by policy"}`,
		"a key in a command": `{"a":"echo -----BEGIN PRIVATE KEY§-----\nMIIE§; rm -rf /data","b":"-----BEGIN PRIVATE KEY§-----&#10;MIIE&#10;§-----END PRIVATE KEY-----"}`,
		"private key":        `{"a":"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY§-----\nMIIE\n§-----END RSA PRIVATE KEY-----"}`,
		"JSON in other text": `{"a":"msg={\"user\":\"bob\",\"password\":\"§hunter2§\",\"x\":\"unfini","b":"msg={\\\"token\\\":\\\"§abc§\\\",\\\"n\\\":1}","c":"msg={\"secret\":\"§unfinished§"}`,
		"JSON in text":       `{"a":"{\"n\":1.50,\"password\":\"§hunter2§\"}","b":"[{\"name\":\"api_key\",\"value\":\"§k§\"}]","c":"{ \"n\" : 1 }"}`,
		"JSON behind a prefix": `{"a":"<13>1 - h vault - - - token=§abc§ {\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"§hunter2§\"}],\"n\":1.50}","b":"x pwd=§abcdefghijklmnopqrst§ {\"n\":1}",` +
			`"c":"2026-03-04 map[{\"a\"}] {\"n\" : 1 }","d":"{a} {\"data\":{\"a\":\"§YQ==§\"},\"kind\":\"Secret\"}"}`,
		"JSON in JSON": `{"a":"{\"b\":\"{\\\"token\\\":\\\"§abc§\\\"}\"}"}`,
		"azure":        `{"authorization":"{\"action\":\"read\",\"token\":\"§abc§\"}"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var in, want strings.Builder
			for i, part := range strings.Split(record, "§") {
				in.WriteString(part)
				if i%2 == 0 {
					want.WriteString(part)
				} else {
					want.Write(appendMarker(nil, len(strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\r`, "\r").Replace(part))))
				}
			}
			tr := tree.New()
			root, ok := tr.AddJSON(want.String())
			require.True(t, ok, want.String())
			got := redacted(t, in.String())
			require.Equal(t, string(tr.AppendJSON(nil, root)), got)
			require.Equal(t, got, redacted(t, got), "twice")
		})
	}
}

// TestNumbersAreMeasured hides values that are no text.
func TestNumbersAreMeasured(t *testing.T) {
	require.Equal(t, `{"password":"[redacted: 8 bytes]","pwd":["[redacted: 3 bytes]",true,null]}`, redacted(t, `{"password":12345678,"pwd":[1.5,true,null]}`))
}

// TestJSONThatIsCut hides secrets in JSON that some transport has cut, at whatever byte.
func TestJSONThatIsCut(t *testing.T) {
	for _, whole := range []string{
		`{"token":"hunter2"}`, `{"a":[1,true,{"b":"c"}],"env":[{"name":"X_SECRET","value":"hunter2"}],"z":"ä\u2028\n\\"}`, `[{"cookie":["hunter2"]}]`,
		`{"kind":"Secret","data":{"a":"hunter2","b":"hunter2"},"n":-1.5e3}`, `{"secret":"hun\u0074er2"}`, `{"a":"{\"password\":\"hunter2\"}"}`,
	} {
		for end := range len(whole) {
			tr := tree.New()
			ref := tr.AddString(whole[:end])
			r := New(NewNames(nil), tr)
			r.Begin()
			r.Look(ref, false)
			found := r.Found()
			r.Apply()
			for _, leak := range []string{"hunt", `hun\u`, "er2"} {
				require.NotContains(t, tr.String(ref), leak, whole[:end])
			}
			require.Equal(t, found, strings.Contains(tr.String(ref), MarkerStart))
			require.True(t, found || !strings.Contains(whole[:end], "hun"), whole[:end])
			if !found {
				require.Equal(t, whole[:end], tr.String(ref))
			}
		}
	}
}

// TestSignalsAreNoSignatures looks at "sig" in an audit log of Linux, and in a URL.
func TestSignalsAreNoSignatures(t *testing.T) {
	stays := `{"m":"type=ANOM_ABEND msg=audit(1772600767.890:7): auid=0 exe=\"/bin/a\" sig=6"}`
	require.Equal(t, stays, redacted(t, stays))
	require.Equal(t, `{"m":"/b?sig=[redacted: 3 bytes]&x=1"}`, redacted(t, `{"m":"/b?sig=abc&x=1"}`))
}

func TestKeysOfOnesOwn(t *testing.T) {
	got := redacted(t, `{"X-Api-Thing":"a","http.request.header.x-api-thing":"b","my_x_api_thing":"c"}`, "x_api_thing")
	require.Equal(t, `{"X-Api-Thing":"[redacted: 1 bytes]","http.request.header.x-api-thing":"[redacted: 1 bytes]","my_x_api_thing":"c"}`, got)
	for key, valid := range map[string]bool{"x_api_key": true, "ab": true, "a": false, "": false, "-": false, "k3y": false, "pin4": true, "schlüssel": true} {
		require.Equal(t, valid, Valid(key), key)
	}
}

// TestHostileText looks into texts that would take for ever if each look went to their end.
func TestHostileText(*testing.T) {
	for _, s := range []string{
		"cookie:", "cookie: a", "authorization: basic ", "token=", `token="`, `token=\"`, "token='x", "://", "a://b:", `"token":`, "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", `\`,
		`token=\`, "=", ":",
		"password: ", "password:  ", "\n", " -", "-", " --token ", "password '", "identified by '", "IDENTIFIED BY ", "</password>", "<password>", "</", "%3D", "%25", "token%3D%26", "pass=",
		"?", "?a=%2B+&", "?[redacted: ", "?a=--token&", "?a=Cookie%3A+a%3Db&", "value:", "name:TOKEN value:", "name: token\nvalue: ",
	} {
		tr := tree.New()
		r := New(NewNames(nil), tr)
		r.Begin()
		r.Look(tr.AddString(strings.Repeat(s, 1_000_000/len(s))), false)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		`password="hunter2"`, `{"token":"hunter2"}`, `https://a:hunter2@b?sig=hunter2`, "Cookie: a=hunter2", `\"secret\": \"hunter2`, "[{}]", "-----BEGIN PRIVATE KEY-----",
		"/exec?command=--token&command=hunter2&command=x+--pin+1234%27", "map[name:TOKEN value:hunter2 2] name: TOKEN\nvalue: hunter2",
		`{"objectRef":{"resource":"secrets"},"m":"Invalid value: \"map[a:hunter2]\": expected map, got &{hunter2}"}`,
	} {
		f.Add(s)
	}
	names := NewNames(nil)
	f.Fuzz(func(t *testing.T, s string) {
		tr := tree.New()
		r := New(names, tr)
		r.Begin()
		ref := tr.AddString(s)
		r.Look(ref, false)
		r.Apply()
		once := strings.Clone(tr.String(ref))
		r.Begin()
		r.Look(ref, false)
		r.Apply()
		if strings.Count(once, MarkerStart) == strings.Count(s, MarkerStart) {
			require.Equal(t, once, tr.String(ref))
		}
	})
}

// FuzzShortcuts holds what is asked first of a text, because it is sooner known, to what it stands for.
func FuzzShortcuts(f *testing.F) {
	for _, s := range []string{
		"2026-03-04T05:06:07Z", "https://ana:hunter2@example.com", "X-Api-Key: hunter2", `"token1" : x`, "a\nPASSWORD: x", "sig=x", "p=1&pin=1", "otp2 =x", "N", "IDENTIFIED BY x",
		"-----BEGIN PRIVATE KEY-----\nhunter2",
	} {
		f.Add(s)
	}
	r := New(NewNames(nil), tree.New())
	f.Fuzz(func(t *testing.T, s string) {
		r.found = r.found[:0]
		for i := range len(s) {
			switch {
			case s[i] == ':' && endsNoName(s, i):
				require.False(t, strings.HasPrefix(s[i:], "://"))
				fallthrough
			case s[i] == ':' && !r.names.mayEnd(s, i):
				require.False(t, r.quotedSecret(s, i))
				require.Zero(t, r.header(s, i))
				require.Zero(t, r.labelled(s, i))
			case s[i] == '=' && !r.names.mayEnd(s, i):
				require.False(t, r.names.Secret(nameBefore(s, i)))
			}
		}
		if strings.IndexByte(s, 'N') < 0 {
			r.unquoted(s)
			r.privateKeys(s)
		}
		require.Empty(t, r.found)
	})
}

const clean = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"8d0d6b1e-6c9a-4d3c-9d5a-3e2f1c0b9a87","stage":"ResponseComplete",` +
	`"requestURI":"/api/v1/namespaces/shop/pods?fieldManager=kubectl-client-side-apply","verb":"create","user":{"username":"alice","groups":["devs","system:authenticated"]},` +
	`"sourceIPs":["203.0.113.17"],"userAgent":"kubectl/v1.30.1 (linux/amd64) kubernetes/6911225","objectRef":{"resource":"pods","namespace":"shop","name":"web","apiVersion":"v1"},` +
	`"responseStatus":{"metadata":{},"code":201},"requestReceivedTimestamp":"2026-03-04T05:06:07.890123Z","stageTimestamp":"2026-03-04T05:06:07.900456Z",` +
	`"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"devs/shop\" of Role \"dev\" to Group \"devs\""}}`

// BenchmarkLook looks into a record without secrets, as nearly all are.
func BenchmarkLook(b *testing.B) {
	t := tree.New()
	r := New(NewNames(nil), t)
	root, ok := t.AddJSON(clean)
	require.True(b, ok)
	b.ReportAllocs()
	for b.Loop() {
		r.Begin()
		r.Look(root, false)
	}
	require.False(b, r.Found())
}
