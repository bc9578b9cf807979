/// <reference types="vite/client" />
/// <reference types="svelte" />

/** Made by `ui/licences`; hundreds of kilobytes, so import it when it is wanted. */
declare module 'virtual:licences' {
  const licences: import('./pages/about/licences').Licences;
  export default licences;
}
