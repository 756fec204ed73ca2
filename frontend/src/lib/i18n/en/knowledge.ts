import type { FileState } from '@/lib/api/types'

const STATES: Record<FileState, string> = {
  pending: 'Waiting',
  ready: 'Ready',
  failed: 'Failed, will be tried again',
  dead: 'Failed',
  ignored: 'Ignored',
  unsupported: 'Not readable',
  deleted: 'Deleted',
}

export const knowledge = {
  documents: {
    title: 'Documents',
    intro: 'Everything the agents can read. Add files here, or put them into a watched folder.',
    add: 'Add documents',
    drop: 'Drop files here to add them',
    search: 'Search by name',
    filterState: 'State',
    allStates: 'All states',
    filterSource: 'Source',
    allSources: 'All sources',
    name: 'Name',
    state: 'State',
    source: 'Source',
    size: 'Size',
    updated: 'Updated',
    actions: 'Actions',
    states: STATES,
    count: (count: number) => (count === 1 ? '1 document' : `${count} documents`),
    empty: 'No documents yet',
    emptyDetail: 'Add the first one: PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown or plain text.',
    nothingFound: 'No document matches',
    nothingFoundDetail: 'Try another word or another state.',
    clear: 'Show all documents',
    open: 'Read',
    passages: (count: number) => (count === 1 ? '1 passage' : `${count} passages`),
    version: (n: number) => `Version ${n}`,
    tries: (n: number) => (n === 1 ? 'tried once' : `tried ${n} times`),
    retry: 'Try again now',
    ignore: 'Ignore this file',
    delete: 'Delete',
    deleteTitle: 'Delete this document?',
    deleteDetail: (title: string) =>
      `“${title}” will be taken out of every search at once, with all its versions. This cannot be undone.`,
    deleteWatched:
      'The file itself stays in its folder. Take it away there too, or it may come back when it changes.',
    receiptTitle: 'Deleted',
    receipt: (title: string, chunks: number, versions: number) =>
      `“${title}” is gone: ${chunks === 1 ? '1 passage' : `${chunks} passages`} in ${versions === 1 ? '1 version' : `${versions} versions`} removed from the index.`,
    why: 'Why',
    uploading: (name: string) => `Adding ${name}`,
    uploads: 'Uploads',
    uploadDone: 'Added. It will be searchable in a moment.',
    uploadFailed: 'Not added',
    uploadTooLarge: (limit: string) =>
      `Larger than ${limit}. Split the file or ask an administrator for a higher limit.`,
    uploadProgress: (percent: number) => `${percent} %`,
    dismiss: 'Dismiss',
    unknownSize: 'Unknown',
  },
  reader: {
    loading: 'Opening the document…',
    earlier: 'Show what comes before',
    later: 'Show what comes after',
    empty: 'No text has been read from this document yet.',
  },
}
