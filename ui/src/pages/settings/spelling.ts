/** Host names with letters beyond ASCII, such as umlauts: DNS spells them in another way (`xn--…`). */

const isAscii = /^[ -~]*$/;
const isName = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)+$/u;
const isSpelt = /^[a-z0-9._-]+$/;

/** The name as DNS has it; null where it is that already, or is no name. */
export function spelling(typed: string): string | null {
  const name = typed.trim().replace(/\.$/, '');
  if (isAscii.test(name) || !isName.test(name)) return null;
  const url = `https://${name}/`;
  const spelt = URL.canParse(url) ? new URL(url).hostname : '';
  return isSpelt.test(spelt) ? spelt : null;
}
