//! Pages of the web: finds them through lists, feeds and sitemaps, and asks for those that are new.
//!
//! A page is known by the address that it was asked for at. One that is known is not asked for again unless the source
//! says so, and then only for a changed version. What cannot be had is a [`Reject`](super::Reject), and the rest goes on;
//! the next run tries it again.

mod address;
mod client;
mod crawl;
mod dates;
mod error;
mod feed;
mod hosts;
mod known;
mod links;
mod list;
mod robots;
mod sitemap;
mod starts;
mod unpack;
mod walk;

pub use client::Client;
pub use crawl::Crawl;
pub use error::FetchError;
pub use known::Known;
pub use starts::asks;
