// Lines of prices as SVG: a small one for each row, a large one with its area for the stock that is watched.

const svg = 'http://www.w3.org/2000/svg';

function element(name, attributes) {
  const made = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Where the prices are in a box of that size: the newest at the right edge, room for `length` of them. */
function points(prices, width, height, length, padding) {
  const low = Math.min(...prices);
  const high = Math.max(...prices);
  const range = high - low || 1;
  const step = (width - 2 * padding) / (length - 1);
  const start = width - padding - (prices.length - 1) * step;
  return prices.map((price, i) => [
    (start + i * step).toFixed(1),
    (height - padding - ((price - low) / range) * (height - 2 * padding)).toFixed(1),
  ]);
}

const path = (all) => `M${all.map((point) => point.join(' ')).join('L')}`;

/** An empty small line. */
export function sparkline() {
  const line = element('path', {});
  const made = element('svg', { class: 'spark', viewBox: '0 0 120 32', 'aria-hidden': 'true' });
  made.append(line);
  return made;
}

export function drawSparkline(spark, prices, length) {
  spark.firstChild.setAttribute('d', path(points(prices, 120, 32, length, 2)));
}

export function drawChart(chart, prices, open, length) {
  const all = points(prices, 400, 150, length, 6);
  const low = Math.min(...prices);
  const range = Math.max(...prices) - low || 1;
  const first = 144 - ((open - low) / range) * 138;
  const parts = [
    element('path', { class: 'area', d: `${path(all)}L${all.at(-1)[0]} 150L${all[0][0]} 150Z` }),
    element('path', { class: 'line', d: path(all) }),
  ];
  if (first > 0 && first < 150) parts.push(element('path', { class: 'open', d: `M0 ${first.toFixed(1)}H400` }));
  chart.replaceChildren(...parts);
}
