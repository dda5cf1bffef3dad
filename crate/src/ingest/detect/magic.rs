//! Files that are no text, known by their first bytes.

/// First bytes and what they are the beginning of.
const MAGICS: [(&[u8], &str); 26] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x04\x22\x4d\x18", "an LZ4 archive"),
    (b"\x1f\x9d", "a compress archive"),
    (b"\x1f\x8b", "a gzip archive inside a gzip archive"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\0asm", "a program"),
];

/// What a file is, where its first bytes show that it is no text.
pub(in crate::ingest) fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    let known = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
    // "ORC…" and "BZh…" may begin a text; the formats follow them with a byte that no text has there.
    known.filter(|(magic, _)| !magic.is_ascii() || !is_text(bytes)).map(|&(_, what)| what)
}

fn is_text(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    start.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'))
        && std::str::from_utf8(start).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_are_named_and_texts_are_not() {
        assert_eq!(binary_kind(b"\x89PNG\r\n\x1a\n\0\0"), Some("a PNG image"));
        assert_eq!(binary_kind(b"PK\x03\x04\x14\0"), Some("a ZIP archive or an Excel workbook"));
        assert_eq!(binary_kind(b"PAR1\x15\x04\x15\0"), Some("a Parquet file"));
        assert_eq!(binary_kind(b"BZh91AY&SY\x01\x02"), Some("a bzip2 archive"));
        for text in [&b"ORC,user,item\n1,2,3\n"[..], b"BZh,1\n", b"user,item", b"", "用户,商品".as_bytes()] {
            assert_eq!(binary_kind(text), None);
        }
    }
}
