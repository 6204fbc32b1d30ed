//! Programs that end with whoever started them, however that ended, and their folders with them.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
};

/// Runs a program until nobody holds standard input open any more: that is when whoever started it dropped it, or is gone. Then it
/// is ended, and its folder goes, unless the last word was that it stays. What the program says ends with the program.
const SCRIPT: &str = r#"
end=$0 folder=$1
shift
"$@" </dev/null &
exec >/dev/null 2>&1
trap '' TERM
word=$(cat)
case $end in
killed) kill -KILL $! ;;
asked) kill -TERM -$$ ;;
esac
wait $!
[ "$word" = stay ] || rm -rf "$folder"
kill -KILL -$$
"#;

/// The word with which the folder stays.
pub const STAY: &[u8] = b"stay";

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At once.
    Killed,
    /// It is asked to, with everything that it has started.
    Asked,
}

/// A command that runs `program`, whose folder is `folder`, for as long as its standard input is held open.
pub fn command(program: &Path, folder: &Path, end: End) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", SCRIPT])
        .arg(match end {
            End::Killed => "killed",
            End::Asked => "asked",
        })
        .args([folder, program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C is for the test alone: the script would end by it, and leave the rest behind.
        .process_group(0);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{BufRead as _, BufReader, Write as _},
        process::Child,
    };

    /// A program that waits, with a folder.
    fn waiting(end: End) -> (Child, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(Path::new("sh"), folder.path(), end);
        let mut script = command.args(["-c", "echo there; sleep 600"]).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "there\n");
        (script, folder)
    }

    #[test]
    fn it_ends_with_its_folder_when_its_input_does() {
        for end in [End::Killed, End::Asked] {
            let (mut script, folder) = waiting(end);
            assert!(script.try_wait().unwrap().is_none() && folder.path().is_dir());
            drop(script.stdin.take());
            script.wait().unwrap();
            assert!(!folder.path().exists(), "{end:?}");
        }
    }

    #[test]
    fn its_folder_may_stay() {
        let (mut script, folder) = waiting(End::Killed);
        script.stdin.take().unwrap().write_all(STAY).unwrap();
        script.wait().unwrap();
        assert!(folder.path().is_dir());
    }
}
