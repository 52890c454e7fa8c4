/** The runbook address that kube-prometheus puts on a rule. */
export function runbook(rule: string): string {
  return `https://runbooks.prometheus-operator.dev/runbooks/kubernetes/${rule}`;
}
