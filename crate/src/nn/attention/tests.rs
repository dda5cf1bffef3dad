use burn::tensor::{Device, Tensor, TensorData};

use super::*;

const SHAPE: AttentionShape = AttentionShape { width: 6, heads: 2, layers: 2, hidden: 5, relations: 3 };

struct Case {
    device: Device,
    values: Vec<Vec<f32>>,
    x: Vec<f32>,
    relations: Vec<f32>,
    batch: usize,
    length: usize,
}

impl Case {
    fn new(seed: u64, batch: usize, length: usize) -> Case {
        let mut normal = Normal::new(seed);
        let mut values = SHAPE.init(&mut normal);
        for value in &mut values {
            let noise = normal.take(0.3, value.len());
            value.iter_mut().zip(noise).for_each(|(value, noise)| *value += noise);
        }
        let x = normal.take(1.0, batch * length * SHAPE.width);
        let relations = normal.take(1.0, batch * length * length * SHAPE.relations);
        Case { device: Device::flex(), values, x, relations, batch, length }
    }

    fn run(&self, device: &Device) -> (Vec<Tensor<2>>, Tensor<3>, Tensor<3>) {
        let tensor = |([rows, columns], values): ([usize; 2], &Vec<f32>)| {
            Tensor::<2>::from_data(TensorData::new(values.clone(), [rows, columns]), device)
        };
        let parameters: Vec<_> = SHAPE.parameters().into_iter().zip(&self.values).map(tensor).collect();
        let size = [self.batch, self.length, SHAPE.width];
        let x = Tensor::<3>::from_data(TensorData::new(self.x.clone(), size), device);
        let size = [self.batch, self.length * self.length, SHAPE.relations];
        let relations = Tensor::<3>::from_data(TensorData::new(self.relations.clone(), size), device);
        (parameters, x, relations)
    }

    fn output(&self) -> Vec<f32> {
        let (parameters, x, relations) = self.run(&self.device);
        let y = causal_attention(SHAPE, &parameters, x, &relations, &mut Dropout::none());
        y.into_data().try_to_vec().unwrap()
    }
}

#[test]
fn a_later_place_changes_no_earlier_one() {
    let mut case = Case::new(1, 2, 5);
    let before = case.output();
    let row = SHAPE.width;
    for value in &mut case.x[3 * row..4 * row] {
        *value += 2.0;
    }
    let after = case.output();
    let changed: Vec<bool> = before.chunks(row).zip(after.chunks(row)).map(|(a, b)| a != b).collect();
    assert_eq!(changed, [false, false, false, true, true, false, false, false, false, false]);
}

#[test]
fn padding_at_the_end_changes_nothing() {
    let long = Case::new(2, 1, 6);
    let short = Case {
        x: long.x[..4 * SHAPE.width].to_vec(),
        relations: (0..4).flat_map(|i| long.relations[i * 6 * 3..(i * 6 + 4) * 3].to_vec()).collect(),
        length: 4,
        values: long.values.clone(),
        device: Device::flex(),
        batch: 1,
    };
    for (a, b) in short.output().iter().zip(long.output()) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

/// One layer, one head, width 1: the formula by hand.
#[test]
fn attention_is_what_the_formula_says() {
    let device = Device::flex();
    let shape = AttentionShape { width: 1, heads: 1, layers: 1, hidden: 1, relations: 1 };
    // norm, q, k, v, bias, out, norm, feed-forward switched off, last norm: with width 1 a norm gives the sign.
    let values: [f32; 12] = [1.0, 0.5, 2.0, 3.0, -0.7, 1.5, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let parameters: Vec<Tensor<2>> = values.iter().map(|&value| Tensor::<2>::full([1, 1], value, &device)).collect();
    let x = Tensor::<3>::from_data(TensorData::new(vec![2.0_f32, -4.0], [1, 2, 1]), &device);
    let relations = Tensor::<3>::from_data(TensorData::new(vec![0.0_f32, 0.0, 1.0, 0.0], [1, 4, 1]), &device);
    let bias = bias(&relations, parameters[4].clone(), 2, 1) + future(2, &parameters[0]);
    let input = norm(x.reshape([2, 1]), parameters[0].clone());
    let product = |index: usize| input.clone().matmul(parameters[index].clone());
    let out = attend(shape, [product(1), product(2)], product(3), bias, 2).into_data().try_to_vec::<f32>().unwrap();
    // Place 2: q = -0.5, k = (2, -2): logits -1 - 0.7 and 1; values (3, -3).
    let (past, own) = ((-1.7_f32).exp(), 1.0_f32.exp());
    let expected = 3.0 * (past - own) / (past + own);
    assert!((out[0] - 3.0).abs() < 1e-4 && (out[1] - expected).abs() < 1e-4, "{out:?} {expected}");
}

#[test]
fn gradients_agree_with_finite_differences() {
    let mut case = Case::new(4, 2, 3);
    let device = case.device.clone().autodiff();
    let weights = Normal::new(9).take(1.0, 2 * 3 * SHAPE.width);
    let (parameters, x, relations) = case.run(&device);
    let parameters: Vec<Tensor<2>> = parameters.into_iter().map(Tensor::require_grad).collect();
    let y = causal_attention(SHAPE, &parameters, x, &relations, &mut Dropout::none());
    let weighted = y * Tensor::from_data(TensorData::new(weights.clone(), [2, 3, SHAPE.width]), &device);
    let gradients = weighted.sum().backward();
    let loss =
        |case: &Case| -> f64 { case.output().iter().zip(&weights).map(|(y, w)| f64::from(*y) * f64::from(*w)).sum() };
    const STEP: f32 = 1e-2;
    for (index, parameter) in parameters.iter().enumerate() {
        let found = parameter.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
        for (place, &gradient) in found.iter().enumerate().step_by(3) {
            let old = case.values[index][place];
            case.values[index][place] = old + STEP;
            let above = loss(&case);
            case.values[index][place] = old - STEP;
            let below = loss(&case);
            case.values[index][place] = old;
            let difference = (above - below) / f64::from(2.0 * STEP);
            let gap = (difference - f64::from(gradient)).abs();
            assert!(gap < 0.02 + 0.02 * difference.abs(), "parameter {index}, {place}: {gradient} {difference}");
        }
    }
}
