{{- define "prefect.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.tag }}:{{ . }}{{ end }}
{{- end }}
{{- define "prefect.labels" -}}
app.kubernetes.io/part-of: prefect
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "prefect.apiUrl" -}}
{{- .Values.worker.apiUrl | default (printf "http://%s-server.%s.svc:%v/api" .Release.Name .Release.Namespace .Values.server.service.port) }}
{{- end }}
