// One line for each test: its whole name and, if it failed, why. What tests print goes through as it is.
const stack = [];

const reason = details => {
  const error = details.error?.cause ?? details.error;
  return error?.stack ?? error?.message ?? String(error);
};

export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      stack.length = data.nesting;
      stack[data.nesting] = data.name;
    } else if (type === 'test:pass' || type === 'test:fail') {
      if (data.details.type === 'suite' || /\.mjs$/.test(data.name)) continue;
      const outer = stack.slice(0, data.nesting);
      const error = type === 'test:pass' ? (data.skip || data.todo ? 'skipped' : '') : reason(data.details);
      yield `verdict ${JSON.stringify({ name: [...outer, data.name].join(' › '), error })}\n`;
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message;
    }
  }
}
