//! A pair network that belongs to no log.

use serde::{Deserialize, Serialize};

use super::{Source, lessons::Reader};
use crate::{
    Error, Result,
    nn::Shape,
    training::{
        Dnn, DnnOptions, FeatureScale, Features, Init, Observer,
        saved::{self, Kind},
    },
};

/// A pair-scoring network that knows no user, item or domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Base {
    pub(super) shape: Shape,
    /// Common scale of the features, for logs too small to have their own.
    pub(super) scale: FeatureScale,
    pub(super) parameters: Vec<Vec<f32>>,
    /// What it was trained on, for people.
    pub(super) trained_on: String,
    pub(super) seed: u64,
}

/// Parameters of a member that no domain has a part in.
pub(super) const SHARED: usize = 6;

/// The file that `evaluate pretrain` writes.
static SHIPPED: &[u8] = include_bytes!("../base_model.safetensors");

/// The base model that ships with the program: trained on synthetic logs only.
///
/// # Errors
/// [`Error::Checkpoint`] where it does not fit this build's features, which a test rules out.
pub fn base() -> Result<Base> {
    Base::from_bytes(SHIPPED)
}

impl Base {
    /// As a file (`docs/MODEL_FORMAT.md`).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Base, self)
    }

    /// Back from a file.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version, or for other features than this build's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Base> {
        let base: Base = saved::load(Kind::Base, bytes)?;
        let width = Features::width();
        let shapes = base.shape.parameters();
        let fits = base.shape.features == width && base.scale.width() == width && base.shape.embedding == 0;
        let full = shapes.len() == base.parameters.len()
            && shapes.iter().zip(&base.parameters).all(|([r, c], values)| r.checked_mul(*c) == Some(values.len()));
        if fits && full {
            return Ok(base);
        }
        let hint = format!("it looks at {} features, this program makes {width}", base.shape.features);
        Err(Error::Checkpoint { hint })
    }

    /// What it was trained on.
    pub fn trained_on(&self) -> &str {
        &self.trained_on
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.shape.parameter_count()
    }

    /// The learned numbers.
    pub fn parameters(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    /// Width of its hidden layers.
    pub fn hidden(&self) -> usize {
        self.shape.hidden
    }

    /// Number of networks whose scores are averaged.
    pub fn members(&self) -> usize {
        self.shape.members
    }

    /// The same network with other learned numbers, as many.
    pub(crate) fn with_parameters(&self, parameters: Vec<Vec<f32>>) -> Base {
        Base { parameters, ..self.clone() }
    }

    /// The network on a log, before any training on it. Its features are brought to the log's own mean and deviation, which
    /// takes no label; `source.prior` is what it goes beyond.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn forecaster(&self, source: Source<'_>, observer: &mut impl Observer) -> Result<Dnn> {
        let reader = Reader::new(source)?;
        let scale = reader.scale(&self.scale, observer).await?;
        let dnn = reader.dnn(self.shape, scale, self.parameters.clone());
        Ok(Dnn { options: DnnOptions { init: Init::Base, ..dnn.options }, ..dnn })
    }

    /// Shape and first values for training on a log of so many domains from here. A domain embedding, which the base
    /// lacks, begins without effect: its projection and bias are 0.
    pub(in crate::training) fn start(&self, options: &DnnOptions, domains: usize, seed: u64) -> (Shape, Vec<Vec<f32>>) {
        let wanted = options.shape(self.shape.features, domains);
        let shape = Shape { hidden: self.shape.hidden, ..wanted };
        let mut values = shape.init(seed);
        let (own, there) = (SHARED, values.len() / shape.members.max(1));
        for (index, value) in values.iter_mut().enumerate() {
            let (member, place) = (index / there.max(1), index % there.max(1));
            // A larger ensemble than the base's begins with its members in turn; dropout and order part them.
            let member = member % self.shape.members.max(1);
            match self.parameters.get(member * own + place).filter(|_| place < own) {
                Some(carried) => value.clone_from(carried),
                // The embedding itself keeps its first values, so that a gradient reaches its projection.
                None if place > own => value.fill(0.0),
                None => {}
            }
        }
        (shape, values)
    }
}
