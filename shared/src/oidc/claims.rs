//! The library's types with the one claim of Google's that is none of OpenID Connect's own: `hd`.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointNotSet, EndpointSet, IdTokenFields,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};

/// What Google says besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HostedDomain {
    /// The domain of the organisation whose account it is; none for an account of one's own.
    #[serde(rename = "hd", default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

impl AdditionalClaims for HostedDomain {}

/// An ID token, not yet verified.
pub(super) type IdToken = openidconnect::IdToken<
    HostedDomain,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// What an ID token says.
pub(super) type IdTokenClaims = openidconnect::IdTokenClaims<HostedDomain, CoreGenderClaim>;

/// What a code is exchanged for.
type TokenResponse = StandardTokenResponse<
    IdTokenFields<
        HostedDomain,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// A client that knows where browsers are sent (`A`) and where codes are exchanged (`T`).
pub(super) type CodeClient<A = EndpointSet, T = EndpointSet> = Client<
    HostedDomain,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    A,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    T,
    EndpointNotSet,
>;
