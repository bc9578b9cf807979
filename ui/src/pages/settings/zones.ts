/** SPDYN's zones, for suggestions only; any other name is fine. */
export const zones = [
  'spdns.de',
  'spdns.eu',
  'spdns.org',
  'firewall-gateway.de',
  'firewall-gateway.com',
  'firewall-gateway.net',
  'my-gateway.de',
  'my-router.de',
  'my-firewall.org',
  'myfirewall.org',
] as const;

/** Full names for the text typed so far: its first label in each zone. */
export function suggestions(typed: string): string[] {
  const label = typed.trim().split('.')[0];
  return label ? zones.map((zone) => `${label}.${zone}`) : [];
}
