//! Numbered errors. A number never changes its meaning and is never used again.
//!
//! The table is the source of `docs/errors.md`; a test compares the two.

use core::fmt;

/// The number of an error, shown as `E205`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{}", self.0)
    }
}

/// One line of the table: the number, what happened, and the way out.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The number.
    pub code: Code,
    /// What happened.
    pub meaning: &'static str,
    /// What the reader can do about it.
    pub way_out: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $meaning:literal, $way_out:literal;)*) => {
        $(#[doc = $meaning] pub const $name: Code = Code($number);)*
        /// Every number, in order.
        pub const TABLE: &[Entry] = &[
            $(Entry { code: $name, meaning: $meaning, way_out: $way_out },)*
        ];
    };
}

codes! {
    // 1xx: making and checking a release.
    RELEASE_MANIFEST = 101, "`microapp.json` or the `[package.metadata.microapp]` table is missing or not valid.", "Mend the field that the message names; `docs/contract.md` lists them.";
    RELEASE_NAME = 102, "The name of a microapp is not `[a-z][a-z0-9-]{0,31}`.", "Choose a shorter name of small letters, digits and dashes.";
    RELEASE_FILE_NAME = 103, "A file name in a release is not plain.", "Use letters, digits, `.`, `_` and `-` only, without folders.";
    RELEASE_FILE_MISSING = 104, "A release lists a file that it does not have, or has one that it does not list.", "Build it again; do not edit a packed release.";
    RELEASE_INTEGRITY = 105, "A file of a release does not have the bytes that its hash promises.", "Build it again and publish the whole folder.";
    RELEASE_TOO_LARGE = 106, "A release is over the size cap of 10 MiB.", "Make the largest file smaller, or leave it to a server: a page fetches what it needs.";
    RELEASE_GLUE = 107, "The JavaScript that wasm-bindgen wrote is not of the form that packing knows.", "Use the wasm-bindgen that Menagerie's own Cargo.lock names (`cargo update -p wasm-bindgen --precise VERSION`), `--target web`, without inline JavaScript snippets.";
    RELEASE_ENTRY = 108, "The entry module does not export `mount` and `unmount`.", "Export the microapp with `microapp::export!`, or both functions from plain JavaScript.";
    RELEASE_LOCALE = 109, "A language's file is not valid.", "Mend the entry that the message names: English text, then what is said instead, with the same places.";
    RELEASE_STALE = 110, "What was packed of a microapp in plain JavaScript is not what its source makes now.", "Pack it again by `menagerie pack`, with `--final` before `publish`, which takes what was packed.";
    STYLE_SYNTAX = 120, "A style sheet cannot be parsed.", "Mend the style at the line and column that the message names.";
    STYLE_UNSCOPED = 121, "A selector would reach outside its microapp.", "Name an element or class of the microapp in the last part of the selector that the message names.";
    STYLE_IMPORTANT = 122, "A page-wide `!important` in a style sheet, or one in a layer.", "Drop it: rules of a microapp already win over its neighbours'.";
    STYLE_ADDRESS = 123, "A relative `url()` or an `@import` in a style sheet.", "Put the picture into the microapp's view, or use a `data:` address.";
    STYLE_CLASS = 124, "A selector asks for the whole attribute `class`.", "Ask for one class (`.card`, `:not(.card)`) or for a part (`[class*=\"icon-\"]`): each element's `class` begins with the class of its microapp.";
    CHECK_MEMORY = 130, "A microapp's memory is alive after it was unmounted.", "Find what still holds it: a timer, a listener on `window`, a promise that never settles; give it back in `on_cleanup` or in `unmount`.";
    CHECK_LEFT_BEHIND = 131, "A microapp leaves something behind when it is unmounted.", "Take it back in `on_cleanup` or in `unmount`: listeners, timers, elements, style sheets.";
    CHECK_STYLE_OUT = 132, "A microapp changes how the page around it looks.", "Style the microapp's own elements only; packing scopes `style.css`, not what code writes.";
    CHECK_STYLE_IN = 133, "A neighbour's style sheet changes how a microapp looks.", "Give every element the microapp's scope class (in Rust `view! { class = C, … }`), or keep content and styles in a shadow root, as plain JavaScript does best (`domElement.attachShadow`).";
    CHECK_POLICY = 134, "A microapp does what the page's content security policy refuses.", "No `eval`, no inline scripts or style attributes in markup, nothing from other origins.";
    CHECK_PAYLOAD = 135, "A microapp hands the host what cannot be copied.", "Send plain data: what `structuredClone` takes.";
    CHECK_FOREIGN = 136, "A microapp changes a page that is not its own.", "Use the host's `navigate` and `setTitle`; address and title are the page's.";
    CHECK_UNCAUGHT = 137, "A microapp has an error that nobody catches.", "Catch it and show it, or tell it by the host's `report`.";
    CHECK_BUDGET = 138, "A microapp is over its budget.", "Leave out what weighs most (docs/ARCHITECTURE.md, \"Size\"), or allow more by `--budget`.";
    CHECK_STUCK = 139, "A microapp keeps the page busy without end.", "Look for a loop that never ends: nothing else can run on the page meanwhile.";
    CHECK_COMMAND = 140, "A release lists commands, but its entry exports no `command`.", "Export `command`, or leave `commands` out.";
    // 2xx: the shell and the lifecycles.
    LOAD_STALLED = 201, "A microapp's files stopped arriving.", "Check the connection, then try again.";
    LOAD_STATUS = 202, "The server did not have a file of the release.", "Try again; the team that owns it should look at its last release.";
    LOAD_TYPE = 203, "Something other than JavaScript, wasm or CSS came back.", "A proxy or sign-in page may stand in between; try again afterwards.";
    LOAD_INTEGRITY = 204, "A file does not have the bytes that the release promised, so it was not run.", "Trying again fetches it anew; if it stays, the release was damaged on its way or changed.";
    MOUNT_TIMEOUT = 205, "A microapp did not mount in time.", "Try again; the team that owns it should look at its first view.";
    MOUNT_FAILED = 206, "A microapp's `mount` failed.", "Try again; the message behind the number is the microapp's own.";
    PANICKED = 207, "A microapp panicked.", "Trying again starts it afresh.";
    BOOTSTRAP_TIMEOUT = 208, "A microapp did not bootstrap in time.", "Try again.";
    BOOTSTRAP_FAILED = 209, "A microapp's `bootstrap` failed.", "Try again; the message behind the number is the microapp's own.";
    UNMOUNT_TIMEOUT = 210, "A microapp did not unmount in time; the shell emptied its place.", "Nothing to do; the team that owns it should look at its unmount.";
    UNMOUNT_FAILED = 211, "A microapp's `unmount` failed; the shell emptied its place.", "Nothing to do; the team that owns it should look at its unmount.";
    UPDATE_TIMEOUT = 212, "A microapp did not take up a change in time.", "Try again.";
    UPDATE_FAILED = 213, "A microapp's `update` failed.", "Try again.";
    ENTRY_INVALID = 214, "An entry module has no `mount` or no `unmount`.", "The release is not a microapp; publish one that exports both.";
    LOAD_NETWORK = 215, "A file could not be reached: offline, or refused by the other side.", "Check the connection, then try again.";
    UNLOAD_FAILED = 216, "A microapp's `unload` failed or took too long.", "Nothing to do; the release is dropped all the same.";
    LOAD_BROKEN_MODULE = 217, "A module was fetched but the browser would not run it.", "Try again; the message behind the number is the browser's own.";
    LOAD_UNAVAILABLE = 218, "The server, or a proxy before it, could not give a file just now.", "Try again in a moment.";
    COMMAND_UNKNOWN = 220, "No live microapp offers the command.", "Check the command's name, and that its microapp is published.";
    COMMAND_FAILED = 221, "A command failed.", "Try again; the message behind the number is the microapp's own.";
    COMMAND_TIMEOUT = 222, "A command did not finish in time.", "Try again.";
    EVENT_UNPUBLISHED = 223, "A microapp sent an event that its release does not list.", "Add it to `events` in the release.";
    MANIFEST_UNREACHABLE = 230, "The manifest could not be had.", "Check the connection, then reload the page.";
    MANIFEST_INVALID = 231, "The manifest is not of contract 1.", "The server or a proxy sent something else; reload the page.";
    ROUTE_CLASH = 232, "Two live microapps claim the same route.", "One of them has to give it up.";
    OVERRIDE_REFUSED = 233, "A build that the page's address asks for cannot take the place of what is live.", "The address is that of a `microapp.json`, sent with CORS, from an origin that the server lists by `--override-origin`.";
    SHELL_FAILED = 240, "The shell itself could not start, or has stopped.", "Reload the page; a browser of the last three years is needed.";
    PASSKEYS_UNSUPPORTED = 241, "This browser cannot use passkeys here.", "Open the shop by its https address in a current Chrome, Edge, Firefox or Safari.";
    PASSKEY_UNANSWERED = 242, "The browser's question for a passkey was closed, or nobody answered it in time.", "Try again, or use your password.";
    // 3xx: stores.
    STORAGE_UNAVAILABLE = 301, "The browser's storage is full or blocked; what is entered is kept in memory only.", "Free space or allow storage for this site.";
    STORAGE_UNREADABLE = 302, "A stored state could not be read and was set aside.", "Nothing to do: the microapp starts afresh, the old state is kept beside it.";
    // 4xx: the shop's API.
    INPUT_INVALID = 401, "Something in the request is missing or not valid.", "Mend the fields that the answer names.";
    NOT_FOUND = 402, "There is nothing at this address.", "Check the number or name.";
    OUT_OF_STOCK = 403, "There is not enough of a variant in stock.", "Take fewer, or another variant.";
    CART_EMPTY = 404, "The cart is empty.", "Put something into it first.";
    CART_CHANGED = 405, "Prices or stock changed since the shopper last saw the cart.", "Look at the cart again, then order.";
    COUPON_INVALID = 406, "The coupon does not exist, is over, or does not fit this cart.", "Check the code, or go on without it.";
    PAYMENT_DECLINED = 407, "The payment was declined.", "Try another card, or pay on delivery.";
    ORDER_STATE = 408, "The order is not in a state that allows this.", "Load the order again.";
    IDEMPOTENCY_MISMATCH = 409, "The idempotency key was used with another body.", "Use a new key for a new request.";
    IDEMPOTENCY_MISSING = 410, "A request that must happen once came without an `Idempotency-Key`.", "Send a random key of at most 255 characters.";
    SIGN_IN_FAILED = 411, "The e-mail address or the password is not right.", "Check both, or sign up.";
    EMAIL_TAKEN = 412, "The sign-up could not be completed with this address.", "Sign in instead, if the address is yours.";
    SIGN_IN_REQUIRED = 413, "Only for those who are signed in.", "Sign in first.";
    CROSS_SITE = 414, "The request came from another site.", "Open the shop itself.";
    TOO_MANY_REQUESTS = 415, "Too many attempts.", "Wait as long as `Retry-After` says.";
    BODY_TOO_LARGE = 416, "The request is larger than allowed.", "Send less at once.";
    PAYMENT_UNANSWERED = 417, "The payment provider did not answer; nothing was paid.", "Try again in a moment, or pay in another way.";
    CATALOGUE_INVALID = 420, "A catalogue file is not valid; nothing of it was loaded.", "Mend the row and column that the message names, then load it again.";
    STOCK_CHANGED = 421, "The stock of a variant is not what the operator saw when setting it.", "Look at what it is now, count what was sold meanwhile, then set it again.";
    WEBHOOK_REFUSED = 430, "The agent's webhook may not be called for this.", "Its address must be on the server's list (docs/bot.md), and the intent must use it.";
    WEBHOOK_FAILED = 431, "The agent's webhook did not answer as it should.", "The intent's own answer holds; whoever runs the webhook should look at its log.";
    RESET_INVALID = 440, "The link for a new password was used, is too old, or is not whole.", "Ask for another one; only the newest mail counts.";
    PASSWORD_WRONG = 441, "The present password is not right.", "Check it, or ask for a new one by mail.";
    LIST_FULL = 442, "The list has as much as it takes.", "Remove something first.";
    REVIEW_NOT_BOUGHT = 443, "Only who has bought a product can review it.", "Sign in with the account that ordered it, once the order is on its way; an order without an account does not count.";
    PASSKEY_REFUSED = 444, "The passkey does not open an account of this shop.", "Sign in in another way; a passkey that was removed under Security can be deleted from the device, too.";
    PASSKEY_OVER = 445, "The question for a passkey was answered before, or is too old.", "Try again: there is a new question each time, and five minutes to answer it.";
    PASSKEY_KNOWN = 446, "The passkey was added before.", "Choose another device or password manager to keep a new one.";
    PASSKEY_ADDRESS = 447, "Passkeys do not work at this address of the shop.", "Open the shop at the address that the message names; its owner sets it by `--origin` (docs/shop.md).";
    PASSKEY_COPIED = 448, "The passkey counts fewer uses than before: there may be a copy of it.", "Sign in with your password, remove the passkey under Security, and add it anew.";
    // 5xx: the server and its registry.
    INTERNAL = 501, "Something failed on the server.", "Try again; the request id helps to find it in the log.";
    UNAVAILABLE = 502, "The database or the storage is away.", "Try again in a moment.";
    CONFIGURATION = 510, "A flag or an environment variable is not valid.", "The message names it and what it takes.";
    PORT_TAKEN = 511, "Another program listens on the address.", "Stop it, or choose another `--port`.";
    RELEASE_EXISTS = 520, "This name and version was published before, with other bytes.", "Raise the version: a release never changes.";
    RELEASE_UNKNOWN = 521, "No such release.", "`menagerie releases list` lists the last 200 of each microapp, and what is live.";
    TOKEN_INVALID = 522, "The token is missing, expired or not for this microapp.", "Ask an operator for a token.";
    RELEASE_HELD = 523, "The release uses Web APIs that no live release of the microapp does.", "An operator looks at them and says `menagerie releases allow APP VERSION`.";
    ROLLOUT_RUNNING = 524, "A rollout of the microapp is under way.", "Promote or undo it first; `menagerie rollout status APP` shows it.";
    ROLLOUT_STATE = 525, "The microapp has no rollout, or nothing to go back to, in a state that allows this, or is at another revision than was seen.", "`menagerie rollout status APP` shows where it stands.";
    ROLLOUT_ENDED_BADLY = 526, "The rollout went back.", "`menagerie rollout history APP` says why.";
    ROLLOUT_UNFINISHED = 527, "The rollout did not end in the time that was given.", "It goes on; watch it again, or see what it waits for.";
    REVISION_UNKNOWN = 528, "The microapp has no such revision.", "`menagerie rollout history APP` lists them.";
    REPORT_REFUSED = 529, "A report of mounts cannot be taken.", "Load the page again: its token may be too old.";
    // 6xx: tools.
    TOOL_MISSING = 601, "A tool is missing and could not be installed.", "The message names it and the command that installs it.";
    BUILD_FAILED = 602, "A build failed.", "The compiler's message stands above.";
    SERVER_UNREACHABLE = 603, "The server does not answer.", "Check the address and that it runs.";
    BUDGET_EXCEEDED = 604, "Something is larger than its budget, or misses another goal.", "The message names it; of an app `cargo xtask budget --why APP` names the biggest functions.";
    TESTS_FAILED = 605, "Tests or checks failed.", "What they found stands above.";
    FOLDER_EXISTS = 606, "What was to be made is there already; nothing was changed.", "Choose another name, or another folder.";
    LOCK_FILE = 607, "A microapp has no Cargo.lock, or it does not name wasm-bindgen.", "Run `cargo generate-lockfile` in its folder, and keep the file in its repository.";
    CONTRACT_BROKEN = 608, "A release does not keep the contract.", "What was found stands above, each with its way out.";
    CHECK_IMPOSSIBLE = 609, "A check could not be carried out.", "Try again; the message says what the browser said.";
    AGENT_INVALID = 610, "An agent or its training data cannot be read.", "Mend the file at the place that the message names.";
    AGENT_MODEL = 611, "A file is no trained agent of this version.", "Train the agent again with `menagerie agent train`.";
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn numbers_rise_and_every_line_says_a_way_out() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} stands before {}", pair[0].code, pair[1].code);
        }
        for entry in TABLE {
            assert!(entry.meaning.ends_with('.') && entry.way_out.ends_with('.'), "{}", entry.code);
        }
    }
}
