//! The encoding of a text.

use crate::ingest::{decoder::decoded, plan::Encoding};

/// An encoding, and whether all of the text is valid in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Guess {
    pub encoding: Encoding,
    pub valid: bool,
}

/// Tells the encoding of text by its byte order mark, where NULs stand (UTF-16), and in which encoding it is valid. GB18030
/// takes many texts of other encodings for its own, so it counts only where most of what it reads is Chinese, and UTF-8 with
/// a few bad bytes stays UTF-8. `whole`: false where the text may break off inside a character.
pub(in crate::ingest) fn encoding_of(bytes: &[u8], whole: bool) -> Guess {
    let sure = |encoding| Guess { encoding, valid: true };
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => return utf8(bytes, whole).0,
        [0xff, 0xfe, ..] => return sure(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return sure(Encoding::Utf16Be),
        _ => {}
    }
    if let Some(encoding) = utf16(bytes) {
        return sure(encoding);
    }
    let (guess, good, bad) = utf8(bytes, whole);
    if guess.valid || good > 3 * bad {
        return guess;
    }
    let Ok(text) = decoded(bytes, Encoding::Gb18030) else { return guess };
    let lost = text.chars().filter(|&c| c == '\u{fffd}').count();
    let foreign = text.chars().filter(|c| !c.is_ascii()).count();
    let chinese = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{303f}')).count();
    // The last character may be cut off.
    let lost = lost.saturating_sub(usize::from(!whole));
    if chinese * 5 >= foreign * 3 && lost * 20 <= foreign {
        return Guess { encoding: Encoding::Gb18030, valid: lost == 0 };
    }
    guess
}

/// UTF-16 writes ASCII, of which every log has much, with a NUL beside each letter, always on the same side.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let high = pairs.iter().filter(|[first, _]| *first == 0).count();
    let low = pairs.iter().filter(|[_, second]| *second == 0).count();
    let many = |count: usize, other: usize| count >= 4 && count * 10 >= pairs.len() && count > 20 * other;
    match () {
        () if many(low, high) => Some(Encoding::Utf16Le),
        () if many(high, low) => Some(Encoding::Utf16Be),
        () => None,
    }
}

/// UTF-8, how many characters beyond ASCII it has, and how many bad places.
fn utf8(bytes: &[u8], whole: bool) -> (Guess, usize, usize) {
    let bytes = if whole { bytes } else { without_cut_character(bytes) };
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    (Guess { encoding: Encoding::Utf8, valid: bad == 0 }, good, bad)
}

/// `bytes` without the beginning of a UTF-8 character at their end.
fn without_cut_character(bytes: &[u8]) -> &[u8] {
    for length in 1..=3.min(bytes.len()) {
        let (before, end) = bytes.split_at(bytes.len() - length);
        if std::str::from_utf8(end).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none()) {
            return before;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, UTF_16LE};
    use proptest::prelude::*;

    use super::*;

    const LOG: &str =
        "用户,商品,类目,行为,时间\n张三,商品一,女装,浏览,2024-05-01 10:00:00\n李四,商品二,图书,购买,2024-05-02\n";

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn found(bytes: &[u8]) -> (Encoding, bool) {
        let Guess { encoding, valid } = encoding_of(bytes, true);
        (encoding, valid)
    }

    #[test]
    fn one_text_is_recognised_in_every_encoding() {
        let (gb, _, _) = GB18030.encode(LOG);
        assert_eq!(found(LOG.as_bytes()), (Encoding::Utf8, true));
        assert_eq!(found(&["\u{feff}", LOG].concat().into_bytes()), (Encoding::Utf8, true));
        assert_eq!(found(&gb), (Encoding::Gb18030, true));
        assert_eq!(found(&utf16(LOG, false)), (Encoding::Utf16Le, true));
        assert_eq!(found(&utf16(LOG, true)), (Encoding::Utf16Be, true));
        assert_eq!(found(&utf16("\u{feff}用户", false)), (Encoding::Utf16Le, true));
        assert_eq!(UTF_16LE.decode(&utf16(LOG, false)).0, LOG);
    }

    #[test]
    fn bad_bytes_do_not_make_another_encoding() {
        assert_eq!(found(b"user,item\ncaf\xe9,1\nm\xfcller,2\n"), (Encoding::Utf8, false));
        assert_eq!(found(&[LOG.as_bytes(), b"\xff\xfe,1\n"].concat()), (Encoding::Utf8, false));
        assert_eq!(found(b"a,b\n1,\0\n"), (Encoding::Utf8, true));
    }

    proptest! {
        #[test]
        fn a_text_may_break_off_anywhere(cut in 1..LOG.len()) {
            prop_assert_eq!(encoding_of(&LOG.as_bytes()[..cut], false), Guess { encoding: Encoding::Utf8, valid: true });
        }

        #[test]
        fn chinese_text_may_break_off_too(cut in 30..80_usize) {
            let (bytes, _, _) = GB18030.encode(LOG);
            prop_assert_eq!(encoding_of(&bytes[..cut], false), Guess { encoding: Encoding::Gb18030, valid: true });
        }

        #[test]
        fn any_bytes_will_do(bytes: Vec<u8>, whole: bool) {
            let _ = encoding_of(&bytes, whole);
        }
    }
}
