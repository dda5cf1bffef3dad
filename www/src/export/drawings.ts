/** Charts as pictures: drawn anew without animation and zoom bars, with their title, on the page's ground. */
import type { ChartContext, EChartsOption } from '../charts/frame';
import { init } from '../charts/echarts';

/** What is to be drawn, and how large. */
export interface Drawing {
  title: string;
  option: (context: ChartContext) => EChartsOption;
  /** `width` is that of the drawing without its margin, in CSS pixels. */
  context: ChartContext;
  height: number;
}

const MARGIN = 24;
const HEADING = 44;
/** Pixels of a PNG for each CSS pixel. */
const SCALE = 2;
/** Characters that XML has no way to write. */
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it stands in XML or HTML. */
export const escapeMarkup = (text: string): string =>
  text
    .replace(UNWRITABLE, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The option as a still: all windows, all at once. */
function still({ option, context }: Drawing): EChartsOption {
  // Attributes of an SVG stand in double quotes.
  const font = context.colours.font.replaceAll('"', "'");
  const wanted = option({ ...context, colours: { ...context.colours, font } });
  const series = [wanted.series ?? []].flat().map((one) => ({ ...one, progressive: 0 }));
  return { ...wanted, series, dataZoom: [], animation: false };
}

/** Only the chart, as the text of an SVG element. */
export function chartSvg(drawing: Drawing): string {
  const { context, height } = drawing;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: context.width, height });
  try {
    chart.setOption(still(drawing));
    return chart.renderToSVGString().replace(UNWRITABLE, '');
  } finally {
    chart.dispose();
  }
}

/** A file of its own: the chart below its title. */
export function toSvg(drawing: Drawing): string {
  const { title, context, height } = drawing;
  const [width, tall] = [context.width + 2 * MARGIN, height + HEADING + 2 * MARGIN];
  const { colours } = context;
  const chart = chartSvg(drawing).replace('<svg ', `<svg x="${MARGIN}" y="${MARGIN + HEADING}" `);
  const font = escapeMarkup(colours.font.replaceAll('"', "'"));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${tall}" viewBox="0 0 ${width} ${tall}">
<title>${escapeMarkup(title)}</title>
<rect width="100%" height="100%" fill="${colours.surface}"/>
<text x="${MARGIN}" y="${MARGIN + 20}" font-family="${font}" font-size="20" font-weight="650" fill="${colours.ink}">${escapeMarkup(title)}</text>
${chart}
</svg>
`;
}

/** The same as pixels. */
export async function toPng(drawing: Drawing): Promise<Blob> {
  const { title, context, height } = drawing;
  const { colours, width } = context;
  const chart = init(document.createElement('div'), null, { renderer: 'canvas', width, height });
  try {
    chart.setOption(still(drawing));
    chart.getZr().flush();
    const inner = chart.renderToCanvas({ pixelRatio: SCALE, backgroundColor: colours.surface });
    const canvas = document.createElement('canvas');
    canvas.width = (width + 2 * MARGIN) * SCALE;
    canvas.height = (height + HEADING + 2 * MARGIN) * SCALE;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('this browser gives no canvas to draw on');
    pen.fillStyle = colours.surface;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = colours.ink;
    pen.font = `650 ${20 * SCALE}px ${colours.font}`;
    pen.fillText(title, MARGIN * SCALE, (MARGIN + 20) * SCALE);
    pen.drawImage(inner, MARGIN * SCALE, (MARGIN + HEADING) * SCALE);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large')))),
    );
  } finally {
    chart.dispose();
  }
}
