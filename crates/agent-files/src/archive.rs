//! Zip files, read without trust.

use crate::MOST_BYTES;
use nlu::format::{
    FormatError,
    dialogflow::{Files, MOST_FILES},
};
use std::io::{Cursor, Read, Write};

/// The files of a zip file. Bombs, and paths that lead out of it, are refused.
pub fn read(name: &str, bytes: &[u8]) -> Result<Files, FormatError> {
    let fault = |place: &str, what: String| FormatError::new(name, place, what);
    if bytes.len() as u64 > MOST_BYTES {
        return Err(fault("size", format!("expected at most {MOST_BYTES} bytes, found {}", bytes.len())));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| fault("the file", format!("expected a zip file: {e}")))?;
    if archive.len() > MOST_FILES {
        return Err(fault("size", format!("expected at most {MOST_FILES} files, found {}", archive.len())));
    }
    let mut files = Files::new();
    let mut left = MOST_BYTES;
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|e| fault("the file", e.to_string()))?;
        let path = entry.name().to_owned();
        let inside = entry.enclosed_name().is_some()
            && !path.contains('\\')
            && !path.contains(':')
            && !path.starts_with('/');
        if !inside || path.split('/').any(|part| part == "..") {
            return Err(fault(&path, "expected a path inside the zip file".into()));
        }
        if entry.is_dir() || !entry.is_file() {
            continue;
        }
        let mut content = Vec::new();
        // The size that the entry claims is not believed: reading stops at what is left.
        entry
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|e| fault(&path, format!("cannot be unpacked: {e}")))?;
        if content.len() as u64 > left {
            return Err(fault(&path, format!("the file unpacks to more than {MOST_BYTES} bytes")));
        }
        left -= content.len() as u64;
        files.insert(path, content);
    }
    Ok(files)
}

/// A zip file of files; the same files give the same bytes.
pub fn write(files: &Files) -> Result<Vec<u8>, FormatError> {
    let fault = |path: &str, what: String| FormatError::new(path, "writing", what);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (path, bytes) in files {
        archive.start_file(path.as_str(), options).map_err(|e| fault(path, e.to_string()))?;
        archive.write_all(bytes).map_err(|e| fault(path, e.to_string()))?;
    }
    let done = archive.finish().map_err(|e| fault("the zip file", e.to_string()))?;
    Ok(done.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let files: Files =
            [("agent.json".to_owned(), b"{}".to_vec()), ("intents/a.json".to_owned(), vec![7; 1000])].into();
        let bytes = write(&files).unwrap();
        assert_eq!(read("a.zip", &bytes).unwrap(), files);
        assert_eq!(write(&files).unwrap(), bytes);
    }

    #[test]
    fn bombs_tricks_and_junk_are_refused() {
        let bomb = write(&[("x".to_owned(), vec![0; 65 << 20])].into()).unwrap();
        assert!(bomb.len() < 1 << 20);
        assert!(read("bomb.zip", &bomb).unwrap_err().to_string().contains("more than"));
        for path in ["../x", "/etc/x", "a/../../x", "C:\\x"] {
            let trick = write(&[(path.to_owned(), vec![1])].into()).unwrap();
            assert!(read("t.zip", &trick).unwrap_err().to_string().contains("inside"), "{path}");
        }
        assert!(read("t.zip", b"no zip").unwrap_err().to_string().contains("expected a zip file"));
    }
}
