import type { SnapshotFormat } from '../format.js';

const HEAD = /^Module +Size +Used by/;
const MODULE = /^(\w{1,60}) +(\d{1,10}) +(\d{1,6})(?: [\w,.()-]{1,300}| -)?(?: Live 0x[0-9a-f]{1,16}.{0,10})?\s*$/;
/** Modules that IPsec needs unless they are built into the kernel. */
const RELEVANT = /^(?:esp4|esp6|ah4|ah6|af_key|xfrm_user|xfrm_algo|xfrm_interface|ip_vti|ip6_vti|ipcomp6?|ipsec|nf_conntrack)$/;

/** `lsmod` and `/proc/modules`. A missing module proves nothing: it may be built in. */
export const MODULES: SnapshotFormat = {
  name: 'modules',
  opens: (text) => HEAD.test(text) || RELEVANT.test(MODULE.exec(text)?.[1] ?? ''),
  start: (emit) => ({
    take(line) {
      const name = MODULE.exec(line.text)?.[1];
      if (name !== undefined && RELEVANT.test(name)) emit({ type: 'setting', format: 'modules', line, name: `module ${name}`, value: 'loaded' });
      return name !== undefined || HEAD.test(line.text);
    },
    end: () => undefined,
  }),
};
