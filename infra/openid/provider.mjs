// A certified OpenID provider in Google's and Facebook's places. Says its URL in one line, and ends with its standard input.
// Whoever signs in under a name is that subject, with an address and a display name made from it; any password will do.

import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const CALLBACK = /^http:\/\/localhost:\d+\/accounts\/(google|facebook)\/callback\/$/;
const PHONE = 'http://localhost:1/phone';

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'of-the-test', use: 'sig', alg: 'RS256' };
}

function page(id) {
  return {
    client_id: id,
    client_secret: `secret-of-${id}`,
    redirect_uris: ['http://localhost:1/accounts/google/callback/'],
    token_endpoint_auth_method: 'client_secret_post',
  };
}

// A program that gets ID tokens by itself.
function phone(id) {
  return { client_id: id, redirect_uris: [PHONE], token_endpoint_auth_method: 'none' };
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clients: [page('parlor-web'), page('4711'), phone('parlor-phone'), phone('somebody-else')],
    scopes: ['openid', 'email', 'profile', 'public_profile'],
    claims: { email: ['email', 'email_verified', 'hd'], profile: ['name'], public_profile: ['name'] },
    // As Google does it: everything is in the ID token.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id, email: `${id}@example.org`, email_verified: !id.startsWith('unverified'), name: `Name ${id}`,
        // The organisation whose account it is, and which gives out the address; others are private accounts with an address of elsewhere.
        hd: id.startsWith('private') ? undefined : 'example.org',
      }),
    }),
  });
  // Which port a server under test listens on is not known before it runs.
  const registered = provider.Client.prototype.redirectUriAllowed;
  provider.Client.prototype.redirectUriAllowed = function redirectUriAllowed(uri) {
    return registered.call(this, uri) || (this.clientSecret !== undefined && CALLBACK.test(uri));
  };
  server.on('request', provider.callback());
  console.log(issuer);
});

process.stdin.on('end', () => process.exit(0)).resume();
