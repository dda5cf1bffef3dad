/** Sentences about how a model errs, and of the guided tour. In English; see en.ts. */
export const enJudged = {
  judged: {
    confusion: 'What was forecast instead',
    confusionText:
      'Each row is a main domain that came, each column the domain that was ranked first; the darker, the larger the share of the row. Right forecasts lie on the diagonal.',
    confusionAria: (model: string) =>
      `Confusion matrix of ${model} on the last windows. The same numbers are in the table.`,
    reliability: 'Does it know how sure it may be?',
    reliabilityText: (error: string) =>
      `Among forecasts that were so sure, how many were right. On the dashed line, a model is as sure as it should be; below it, too sure. Mean distance (expected calibration error): ${error}.`,
    reliabilityAria: (model: string) =>
      `Reliability diagram of ${model}: share of right forecasts by confidence. The same numbers are in the table.`,
    came: 'What came',
    forecast: 'Ranked first',
    cases: 'Forecasts',
    ofRow: 'Of the row',
    sure: 'How sure',
    right: 'How often right',
    perfect: 'As sure as right',
    model: 'This model',
    bin: 'Confidence',
  },
  tour: {
    start: 'Take a short tour',
    label: 'Tour',
    of: (at: string, total: string) => `${at} of ${total}`,
    next: 'Next',
    back: 'Back',
    skip: 'End the tour',
    done: 'Done',
    stops: {
      evolution: {
        title: 'Interests over time',
        text: 'One row a domain, one column a window. A row that grows darker is an interest that grows. Point at a cell for its numbers, or switch to the table.',
      },
      transfer: {
        title: 'Where it went',
        text: 'Left what people turned from, right what they turned to, between the windows in which they were active.',
      },
      drift: {
        title: 'When it moved',
        text: 'How far each window lies from the one before. Dashed lines mark turning points; click one to see what moved then.',
      },
      people: {
        title: 'One person or everyone',
        text: 'Find a user by name, and every chart follows. Window, memory and time zone are set beside it.',
      },
      models: {
        title: 'Can it be foreseen?',
        text: 'Choose models, see what a training takes, and start it. Each model is scored beside the simple rules that it must beat, and a sentence says whether it is worth it.',
      },
      forecast: {
        title: 'What comes next',
        text: 'The next window beside the present one. Before any training a ready-made network answers; trained models take its place.',
      },
      keep: {
        title: 'Take it along',
        text: 'Nothing is kept unless you save: a project, encrypted with a passphrase, or a report as one file. Every chart and table has a Save menu of its own.',
      },
    },
  },
};

export type JudgedMessages = typeof enJudged;
