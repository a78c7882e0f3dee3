//! utoipa's macros, doing nothing.
//!
//! Handlers and bodies describe themselves by utoipa's macros. What is deployed neither builds nor links utoipa, so without
//! the feature `openapi` the same names lead here: descriptions need no `cfg_attr` around each of them.

use proc_macro::TokenStream;

/// Stands for `utoipa::path`: leaves the handler as it is.
#[proc_macro_attribute]
pub fn path(_description: TokenStream, handler: TokenStream) -> TokenStream {
    handler
}

/// Stands for `utoipa::ToSchema`.
#[proc_macro_derive(ToSchema, attributes(schema, serde))]
pub fn to_schema(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Stands for `utoipa::IntoParams`.
#[proc_macro_derive(IntoParams, attributes(into_params, param))]
pub fn into_params(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Stands for `utoipa::IntoResponses`.
#[proc_macro_derive(IntoResponses, attributes(response))]
pub fn into_responses(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Stands for `utoipa::ToResponse`.
#[proc_macro_derive(ToResponse, attributes(response))]
pub fn to_response(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
