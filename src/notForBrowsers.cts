/** What a bundler for browsers finds in place of the main entry. */
throw new Error('deepid2plus runs in Node; in a page import from "deepid2plus/browser"');
