/** The texts for each contact. */
import type { Purpose } from '../settings/contacts';

interface Words {
  /** The contact's name, if the form names no host. */
  who?: string;
  what: string;
  when: string;
}

export const contactTexts: Record<Purpose, Words> = {
  update: { what: 'contact-update', when: 'contact-update-when' },
  resolver: { what: 'contact-resolver', when: 'contact-resolver-when' },
  fallBack: { what: 'contact-fall-back', when: 'contact-fall-back-when' },
  router: { who: 'contact-router-who', what: 'contact-router', when: 'contact-router-when' },
  nameServers: { who: 'contact-name-servers-who', what: 'contact-name-servers', when: 'contact-name-servers-when' },
  nameServer: { what: 'contact-name-server', when: 'contact-name-server-when' },
  releases: { what: 'contact-releases', when: 'contact-releases-when' },
  proxy: { what: 'contact-proxy', when: 'contact-proxy-when' },
  systemProxy: { who: 'contact-system-proxy-who', what: 'contact-system-proxy', when: 'contact-system-proxy-when' },
};
