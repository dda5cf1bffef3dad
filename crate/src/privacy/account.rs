//! What privacy has been spent, and what is left.
//!
//! Pure losses ε compose by adding up. Gaussian noise is accounted for as ρ-zCDP (Bun & Steinke 2016), which adds up too
//! and is turned into (ε, δ) once, at the end; a pure ε is ε²/2-zCDP. The better of both accounts counts.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// An (ε, δ) guarantee: what anyone can say about a person changes by a factor of at most e^ε by the person's being in the
/// log, but for a chance of δ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrivacyLoss {
    /// ε.
    pub epsilon: f64,
    /// δ; 0 for a pure guarantee.
    pub delta: f64,
}

/// What one release costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "amount")]
pub enum Spending {
    /// ε of a pure guarantee (Laplace noise).
    Pure(f64),
    /// ρ of zero-concentrated differential privacy (Gaussian noise): Δ²/2σ² for noise of variance σ² on what one person
    /// changes by Δ in the Euclidean norm.
    Concentrated(f64),
}

impl Spending {
    fn rho(self) -> f64 {
        match self {
            Spending::Pure(epsilon) => epsilon * epsilon / 2.0,
            Spending::Concentrated(rho) => rho,
        }
    }
}

/// δ that ρ-zCDP guarantees for ε: inf over α > 1 of e^((α−1)(αρ−ε)) (1 − 1/α)^α / (α − 1) (Canonne, Kamath & Steinke
/// 2020, corollary 13).
fn delta_of(rho: f64, epsilon: f64) -> f64 {
    if rho == 0.0 {
        return 0.0;
    }
    let exponent = |alpha: f64| {
        (alpha - 1.0) * (alpha * rho - epsilon) + alpha * libm::log1p(-1.0 / alpha) - libm::log(alpha - 1.0)
    };
    // Its derivative in α grows, so that its root is found by halving.
    let slope = |alpha: f64| (2.0 * alpha - 1.0) * rho - epsilon + libm::log1p(-1.0 / alpha);
    let (mut low, mut high) = (1.0 + 1e-9, 2.0);
    while slope(high) < 0.0 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    libm::exp(exponent(high)).min(1.0)
}

/// The smallest ε that ρ-zCDP guarantees with δ > 0.
fn epsilon_of(rho: f64, delta: f64) -> f64 {
    // Bun & Steinke's ε = ρ + 2 √(ρ ln 1/δ) is enough.
    let (mut low, mut high) = (0.0, rho + 2.0 * (rho * libm::log(1.0 / delta)).sqrt());
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if delta_of(rho, middle) > delta { low = middle } else { high = middle }
    }
    high
}

impl PrivacyLoss {
    /// The largest ρ whose ρ-zCDP gives this guarantee.
    ///
    /// # Errors
    /// [`Error::Parameter`] where ε is not positive or δ not between 0 and 1.
    pub fn rho(self) -> Result<f64> {
        self.checked()?;
        if self.delta == 0.0 {
            return Err(Error::Parameter {
                name: "delta",
                hint: "Gaussian noise needs a δ above 0, such as 0.000001".into(),
            });
        }
        let (mut low, mut high) = (0.0, self.epsilon + 1.0);
        while epsilon_of(high, self.delta) < self.epsilon {
            high *= 2.0;
        }
        for _ in 0..100 {
            let middle = low + (high - low) / 2.0;
            if epsilon_of(middle, self.delta) > self.epsilon { high = middle } else { low = middle }
        }
        Ok(low)
    }

    fn checked(self) -> Result<Self> {
        if !(self.epsilon > 0.0 && self.epsilon.is_finite()) {
            return Err(Error::Parameter {
                name: "epsilon",
                hint: format!("ε must be a positive number, not {}", self.epsilon),
            });
        }
        if !(0.0..1.0).contains(&self.delta) {
            return Err(Error::Parameter {
                name: "delta",
                hint: format!("δ must be at least 0 and below 1, not {}", self.delta),
            });
        }
        Ok(self)
    }
}

/// One release, as it is entered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// What its noise costs.
    pub cost: Spending,
    /// Chance that it names something that only one person did, where it leaves out what is rare; else 0. It is taken from
    /// the budget's δ.
    pub slip: f64,
}

/// A budget and what was taken from it. A release is entered *before* it is made; what does not fit is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    budget: PrivacyLoss,
    spent: Vec<Release>,
}

impl Ledger {
    /// A full budget.
    ///
    /// # Errors
    /// [`Error::Parameter`] where ε is not positive or δ not between 0 and 1.
    pub fn new(budget: PrivacyLoss) -> Result<Self> {
        Ok(Ledger { budget: budget.checked()?, spent: Vec::new() })
    }

    /// What may be spent in all.
    pub fn budget(&self) -> PrivacyLoss {
        self.budget
    }

    /// ε of everything so far, at the budget's δ.
    pub fn spent(&self) -> f64 {
        self.epsilon_with(&self.spent)
    }

    /// Number of releases so far.
    pub fn releases(&self) -> usize {
        self.spent.len()
    }

    /// Enters a release.
    ///
    /// # Errors
    /// [`Error::Budget`] where it would exceed the budget, [`Error::Parameter`] where it costs no positive amount; the ledger stays as it was.
    pub fn spend(&mut self, release: Release) -> Result<()> {
        let (Spending::Pure(amount) | Spending::Concentrated(amount)) = release.cost;
        if !(amount > 0.0 && amount.is_finite() && release.slip >= 0.0) {
            return Err(Error::Parameter {
                name: "epsilon",
                hint: format!("a release costs a positive amount, not {amount}"),
            });
        }
        let mut after = self.spent.clone();
        after.push(release);
        let epsilon = self.epsilon_with(&after);
        // What was computed to fit exactly may exceed by its rounding.
        if epsilon.is_nan() || epsilon > self.budget.epsilon * (1.0 + 1e-9) {
            return Err(Error::Budget {
                hint: format!(
                    "this release would bring what was spent from ε = {:.3} to {epsilon:.3}, beyond the budget of {:.3}: \
                     add more noise, or do without it",
                    self.spent(),
                    self.budget.epsilon
                ),
            });
        }
        self.spent = after;
        Ok(())
    }

    /// ε of `spent` at what their slips leave of the budget's δ; infinite where that is not enough.
    fn epsilon_with(&self, spent: &[Release]) -> f64 {
        if spent.is_empty() {
            return 0.0;
        }
        let left = self.budget.delta - spent.iter().map(|release| release.slip).sum::<f64>();
        if left < -1e-9 * self.budget.delta {
            return f64::INFINITY;
        }
        let pure = spent.iter().try_fold(0.0, |sum, release| match release.cost {
            Spending::Pure(epsilon) => Some(sum + epsilon),
            Spending::Concentrated(_) => None,
        });
        let rho: f64 = spent.iter().map(|release| release.cost.rho()).sum();
        let concentrated = if left > 0.0 { epsilon_of(rho, left) } else { f64::INFINITY };
        pure.unwrap_or(f64::INFINITY).min(concentrated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_agree_with_the_published_bounds_and_each_other() {
        for rho in [0.01, 0.1, 1.0] {
            for delta in [1e-9, 1e-6, 1e-3] {
                let simple = rho + 2.0 * (rho * (1.0f64 / delta).ln()).sqrt();
                let epsilon = epsilon_of(rho, delta);
                assert!(epsilon < simple && epsilon > 0.6 * simple, "ρ = {rho}, δ = {delta}: {epsilon} and {simple}");
                assert!(delta_of(rho, epsilon) <= delta * (1.0 + 1e-9));
                let back = PrivacyLoss { epsilon, delta }.rho().unwrap();
                assert!((back / rho - 1.0).abs() < 1e-6, "{back}");
            }
        }
    }

    #[test]
    fn agrees_with_another_accountant() {
        // dp-accounting 0.6 (PyPI): rdp.compute_epsilon(orders, rho * orders, delta) over 80,000 orders.
        for (rho, delta, expected) in
            [(0.01, 1e-3, 0.354_318_486_9), (0.1, 1e-6, 2.141_938_928_6), (1.0, 1e-9, 9.521_463_681_2)]
        {
            let epsilon = epsilon_of(rho, delta);
            assert!((epsilon / expected - 1.0f64).abs() < 1e-6, "{epsilon}, {expected}");
        }
    }

    fn pure(epsilon: f64) -> Release {
        Release { cost: Spending::Pure(epsilon), slip: 0.0 }
    }

    #[test]
    fn many_small_releases_cost_less_than_their_sum() {
        let mut ledger = Ledger::new(PrivacyLoss { epsilon: 3.0, delta: 1e-6 }).unwrap();
        for _ in 0..100 {
            ledger.spend(pure(0.05)).unwrap();
        }
        assert!(ledger.spent() < 3.0 && ledger.releases() == 100);
    }

    #[test]
    fn what_exceeds_the_budget_is_refused_and_not_entered() {
        let mut ledger = Ledger::new(PrivacyLoss { epsilon: 1.0, delta: 0.0 }).unwrap();
        ledger.spend(pure(0.6)).unwrap();
        let before = ledger.clone();
        assert!(
            ledger.spend(pure(0.5)).is_err()
                && ledger.spend(pure(0.0)).is_err()
                && ledger.spend(pure(f64::NAN)).is_err()
        );
        assert!(ledger.spend(Release { cost: Spending::Concentrated(0.001), slip: 0.0 }).is_err());
        assert!(ledger.spend(Release { cost: Spending::Pure(0.1), slip: 1e-9 }).is_err());
        assert_eq!(ledger, before);
        ledger.spend(pure(0.4)).unwrap();
        assert!((ledger.spent() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn impossible_budgets_are_refused() {
        for (epsilon, delta) in [(0.0, 0.0), (f64::NAN, 0.0), (1.0, 1.0), (1.0, -0.1), (f64::INFINITY, 0.0)] {
            assert!(Ledger::new(PrivacyLoss { epsilon, delta }).is_err());
        }
        assert!(PrivacyLoss { epsilon: 1.0, delta: 0.0 }.rho().is_err());
    }
}
