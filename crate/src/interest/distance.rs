//! How far apart two profiles are.

use super::transfer::paired;

/// Jensen–Shannon distance of two distributions, given as (domain, share) by domain: the square root of the Jensen–Shannon
/// divergence in bits, 0 for equal ones and 1 for disjoint ones. A metric (Endres & Schindelin 2003).
pub fn jensen_shannon(p: &[(u32, f64)], q: &[(u32, f64)]) -> f64 {
    let divergence: f64 = paired(p, q)
        .map(|(_, p, q)| {
            let middle = (p + q) / 2.0;
            let term = |share: f64| if share > 0.0 { share * (share / middle).log2() } else { 0.0 };
            (term(p) + term(q)) / 2.0
        })
        .sum();
    divergence.clamp(0.0, 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.spatial.distance.jensenshannon(p, q, base=2)`.
    #[test]
    fn agrees_with_scipy() {
        let sparse = |shares: &[f64]| -> Vec<(u32, f64)> {
            (0..).zip(shares.iter().copied()).filter(|&(_, s)| s > 0.0).collect()
        };
        let cases: [(&[f64], &[f64], f64); 4] = [
            (&[0.5, 0.5, 0.0, 0.0], &[0.0, 0.0, 0.25, 0.75], 1.0),
            (&[0.2, 0.3, 0.5, 0.0], &[0.2, 0.3, 0.5, 0.0], 0.0),
            (&[0.7, 0.2, 0.1, 0.0], &[0.1, 0.2, 0.3, 0.4], 0.6483198268048995),
            (&[0.9, 0.1, 0.0, 0.0], &[0.8, 0.1, 0.1, 0.0], 0.22830426099013568),
        ];
        for (p, q, expected) in cases {
            let distance = jensen_shannon(&sparse(p), &sparse(q));
            assert!((distance - expected).abs() < 1e-12, "{p:?} {q:?}: {distance}");
            assert_eq!(distance, jensen_shannon(&sparse(q), &sparse(p)));
        }
    }
}
