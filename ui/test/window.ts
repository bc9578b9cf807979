/** Opens the window on a page, the way `main.ts` does. */
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import App from '../src/App.svelte';
import { Program } from './program';

export { screen };
export const by = (testid: string) => screen.findByTestId(testid);
export const has = (testid: string) => screen.queryByTestId(testid) !== null;
/** The value of a field. */
export const value = (testid: string) => screen.getByTestId<HTMLInputElement>(testid).value;

export function open(start: ConstructorParameters<typeof Program>[0]) {
  const program = new Program(start);
  const user = userEvent.setup();
  render(App);
  return {
    program,
    user,
    click: async (testid: string) => user.click(await by(testid)),
    type: async (testid: string, text: string) => {
      const field = await by(testid);
      await user.clear(field);
      await user.type(field, text);
    },
  };
}
