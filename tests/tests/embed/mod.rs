//! The chat on pages of others: `<script type="module" src="…/embed/bot.js">` and `<menagerie-bot>`.

mod answering;
mod embedded;
mod endpoint;
mod files;
mod looks;
mod page;
mod people;
