// The same application over TLS: in Node, and at a page of Chromium.
import { onAPage } from './lib/page.mjs';

const base = process.env.HUBWIRE_SECURE_APPLICATION;

// Nobody vouches for a certificate that was made a minute ago.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.env.HUBWIRE_APPLICATION = base;
process.env.HUBWIRE_VARIANT = 'with TLS';
await import('./application.test.mjs');

onAPage('with TLS', base, () => {});
