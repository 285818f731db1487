//! Tests of the whole: the street from end to end, the command line, and the rules of the house.
//!
//! One binary, because linking polars once is slow enough.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod bad_input;
mod bucket;
mod commands;
mod confidence;
mod conformance;
mod contract;
mod deploy;
mod doctor;
mod export;
mod fixture;
mod formats;
mod fuzz;
mod golden;
mod grammar;
mod growth;
mod lexicon;
mod mutation;
mod operations;
mod primitives;
mod properties;
mod quality;
mod questions;
mod reading;
mod remote;
mod report;
mod review;
mod s3_server;
mod schedule;
mod sentences;
mod server;
mod signals;
mod store;
mod tables;
mod trends;
mod upkeep;
mod web;
mod web_faults;
