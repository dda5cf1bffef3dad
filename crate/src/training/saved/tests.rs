use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Everything that serde's model has, so that any model fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sample {
    name: String,
    letter: char,
    flag: bool,
    unit: (),
    small: i8,
    count: usize,
    rate: f64,
    single: f32,
    none: Option<f64>,
    some: Option<Vec<f32>>,
    nested: Vec<Vec<f32>>,
    offsets: Vec<u32>,
    ids: Vec<usize>,
    few: [u16; 3],
    pairs: Vec<(u32, f64)>,
    by_name: BTreeMap<String, Vec<f64>>,
    by_number: BTreeMap<u32, f32>,
    range: std::ops::Range<usize>,
    choices: Vec<Choice>,
    wrapped: Wrapped,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Choice {
    Unit,
    Newtype(Vec<f32>),
    Tuple(u8, Vec<f64>),
    Struct { values: Vec<f32>, inner: Box<Option<Choice>> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Wrapped(Vec<i32>);

fn sample() -> Sample {
    Sample {
        name: "größe \"x\"\n".into(),
        letter: 'ß',
        flag: true,
        unit: (),
        small: -3,
        count: 1 << 40,
        rate: 0.1 + 0.2,
        single: 1.0 / 3.0,
        none: None,
        some: Some(vec![f32::MIN_POSITIVE, -0.0]),
        nested: vec![vec![1.0], vec![], vec![f32::INFINITY, 2.5e-38]],
        offsets: (0..100).collect(),
        ids: (0..20).collect(),
        few: [1, 2, 3],
        pairs: vec![(1, 0.1), (2, f64::NEG_INFINITY)],
        by_name: BTreeMap::from([("a.b".into(), vec![1.0]), ("a".into(), vec![2.0, 3.0])]),
        by_number: BTreeMap::from([(7, 0.5), (9, 1e-30)]),
        range: 3..9,
        choices: vec![
            Choice::Unit,
            Choice::Newtype(vec![0.25; 3]),
            Choice::Tuple(9, vec![1e300]),
            Choice::Struct { values: vec![7.0], inner: Box::new(Some(Choice::Unit)) },
        ],
        wrapped: Wrapped((-50..50).collect()),
    }
}

#[test]
fn every_kind_of_value_comes_back_and_the_bytes_are_the_same_each_time() {
    let bytes = save(Kind::Models, &sample()).unwrap();
    assert_eq!(bytes, save(Kind::Models, &sample()).unwrap());
    assert_eq!(load::<Sample>(Kind::Models, &bytes).unwrap(), sample());
    let document = inspect(&bytes).unwrap();
    assert_eq!((document.format_version, document.kind), (FORMAT_VERSION, Kind::Models));
    assert!(document.created_by.starts_with("driftscope "));
    assert_eq!(document.value["count"], 1_u64 << 40);
    assert_eq!(document.value["nested"][0], serde_json::json!({ "$tensor": "nested.0" }));
    // Any reader of safetensors finds the numbers under the path of their field.
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let found = tensors.tensor("choices.3.Struct.values").unwrap();
    assert_eq!((found.dtype(), found.shape(), found.data()), (Dtype::F32, &[1][..], &7_f32.to_le_bytes()[..]));
}

#[test]
fn nan_keeps_its_bits() {
    let odd = f32::from_bits(0x7fc0_1234);
    let bytes = save(Kind::Delta, &(odd, vec![odd, -odd])).unwrap();
    let (one, list): (f32, Vec<f32>) = load(Kind::Delta, &bytes).unwrap();
    assert_eq!(one.to_bits(), odd.to_bits());
    assert_eq!(list.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), [odd.to_bits(), (-odd).to_bits()]);
}

#[test]
fn other_files_are_refused_with_the_reason() {
    let refused = |bytes: &[u8]| match load::<Sample>(Kind::Models, bytes) {
        Err(Error::Checkpoint { hint }) => hint,
        other => panic!("{other:?}"),
    };
    assert!(refused(b"").contains("cut off"));
    assert!(refused(b"PK\x03\x04 not a model at all").contains("no safetensors"));
    let bytes = save(Kind::Models, &sample()).unwrap();
    assert!(refused(&bytes[..bytes.len() - 1]).contains("cut off"));
    assert!(refused(&save(Kind::Base, &sample()).unwrap()).contains("Base"));
    assert!(refused(&save(Kind::Models, &1_u8).unwrap()).contains("does not hold"));
    let foreign = safetensors::serialize(Vec::<(&str, TensorView<'_>)>::new(), None).unwrap();
    assert!(refused(&foreign).contains("none of Driftscope's"));
    let metadata = HashMap::from([(KEY.to_owned(), r#"{"formatVersion":2,"new":"layout"}"#.to_owned())]);
    let newer = safetensors::serialize(Vec::<(&str, TensorView<'_>)>::new(), Some(metadata)).unwrap();
    assert!(refused(&newer).contains("version is 2"));
    assert!(save(Kind::Models, &BTreeMap::from([("$tensor", 1)])).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Either the file is refused, or what was changed does not matter (white space in the header).
    #[test]
    fn damage_never_panics_nor_goes_unseen(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = save(Kind::Models, &sample()).unwrap();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] ^= byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        match load::<Sample>(Kind::Models, &bytes) {
            Ok(value) => prop_assert_eq!(value, sample()),
            Err(error) => prop_assert_eq!(error.code(), "checkpoint"),
        }
    }

    #[test]
    fn numbers_come_back_bit_for_bit(bits in proptest::collection::vec(any::<u64>(), 0..40), one in any::<u64>()) {
        let doubles: Vec<f64> = bits.iter().map(|&bits| f64::from_bits(bits)).collect();
        let singles: Vec<f32> = bits.iter().map(|&bits| f32::from_bits(bits as u32)).collect();
        let value = (f64::from_bits(one), f32::from_bits(one as u32), doubles, singles);
        let back: (f64, f32, Vec<f64>, Vec<f32>) = load(Kind::Base, &save(Kind::Base, &value).unwrap()).unwrap();
        let bits_of = |(a, b, c, d): &(f64, f32, Vec<f64>, Vec<f32>)| {
            let c: Vec<u64> = c.iter().map(|x| x.to_bits()).collect();
            let d: Vec<u32> = d.iter().map(|x| x.to_bits()).collect();
            (a.to_bits(), b.to_bits(), c, d)
        };
        prop_assert_eq!(bits_of(&back), bits_of(&value));
    }
}
