//! The command `zhibiao`; see [`zhibiao::cli`].

fn main() -> std::process::ExitCode {
    zhibiao::cli::main()
}
