//! The end-to-end tests, in one program: it is linked once, and has all processors busy until its last test. What builds with cargo,
//! and has them busy by itself, is a program of its own.

mod accessibility;
mod account;
mod aria;
mod backoffice;
mod buying;
mod cart;
mod catalogue;
mod checking;
mod console;
mod contact;
mod embed;
mod engine;
mod first_visit;
mod forced_colours;
mod foreign_page;
mod hostile;
mod languages;
mod layout_shift;
mod memory;
mod never_silent;
mod overriding;
mod passkeys;
mod releasing;
mod reviews;
mod rolling_out;
mod routes;
mod searching;
mod stores;
mod styles;
mod thin_thread;
mod watching;
mod widget;
