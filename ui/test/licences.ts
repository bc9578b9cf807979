/** Stands in for `virtual:licences` in tests. */
import type { Licences } from '../src/pages/about/licences';

const licences: Licences = {
  own: { name: 'Dyntray', version: '0.1.0', licence: 'MIT OR Apache-2.0', texts: [1, 0] },
  parts: [
    { name: 'left-pad', version: '1.3.0', licence: 'MIT', texts: [0] },
    { name: 'serde', version: '1.0.228', licence: 'MIT OR Apache-2.0', texts: [1, 0] },
    { name: 'selectors', version: '0.24.0', licence: 'MPL-2.0', texts: [] },
  ],
  texts: ['Permission is hereby granted, free of charge', 'Apache License\nVersion 2.0, January 2004'],
};

export default licences;
