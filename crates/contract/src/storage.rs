//! Where microapps keep their stores in the browser's storage, so that the shell can clear the personal ones. What the browser
//! does not take is a property of `window` under the same name.

/// Where stores lie: `menagerie/store/<app>/<version>`.
pub const STORE_PREFIX: &str = "menagerie/store/";
/// Where stores lie that are cleared at sign-out: `menagerie/personal/<app>/<version>`.
pub const PERSONAL_PREFIX: &str = "menagerie/personal/";
