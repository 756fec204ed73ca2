export const common = {
  product: 'Roost',
  tagline: 'Answers from your own files, with their sources.',

  actions: {
    cancel: 'Cancel',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    delete: 'Delete',
    loadMore: 'Show more',
    loading: 'Loading…',
    retry: 'Try again',
    save: 'Save',
    saving: 'Saving…',
    search: 'Search',
    more: 'More actions',
    reload: 'Load the page again',
  },

  cost: {
    unknown: 'not known',
    atLeast: (known: string) => `over ${known}`,
  },

  nav: {
    main: 'Main',
    skip: 'Skip to the content',
    newChat: 'New chat',
    documents: 'Documents',
    search: 'Search',
    agents: 'Agents',
    admin: 'Admin',
    settings: 'Settings',
    openMenu: 'Open the menu',
    closeMenu: 'Close the menu',
    account: 'Your account',
    logOut: 'Log out',
    shortcuts: 'Keyboard shortcuts',
  },

  theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark' },

  page: {
    notFound: 'There is no page here',
    notFoundDetail: 'The address may be misspelt, or what was here has been deleted.',
    home: 'Go to the start',
    broken: 'This page has stopped working',
    brokenDetail:
      'Nothing that you saved is lost. Load the page again; if it happens once more, tell your administrator what you did.',
    starting: 'Starting Roost…',
    unreachable: 'Roost cannot be reached',
    unreachableDetail:
      'The server gives no answer. Check your connection, then try again. If it stays so, the server may be starting or stopped.',
  },

  problems: {
    offline: 'No connection',
    offlineDetail: 'Roost did not answer. Check your connection and try again.',
    cutOff: 'This goes on by itself as soon as Roost can be reached again. Nothing that you typed is lost.',
    unexpected: 'Something unexpected happened',
    title: (status: number) =>
      TITLES[status] ?? (status >= 500 ? 'The server could not do this' : 'This did not work'),
    whatToDo: (status: number) =>
      ADVICE[status] ??
      (status >= 500
        ? 'Try again in a moment. If it stays so, your administrator finds the reason on the system page.'
        : 'Check what you entered and try again.'),
  },
}

const TITLES: Record<number, string> = {
  401: 'You are not logged in',
  403: 'You may not do this',
  404: 'Not found',
  409: 'Someone else was quicker',
  413: 'Too large',
  429: 'Too many requests',
  503: 'Part of Roost is not available',
}

const ADVICE: Record<number, string> = {
  401: 'Log in and try again.',
  403: 'Ask an administrator for permission.',
  404: 'It may have been deleted, or you may not have permission to see it.',
  409: 'Load the page again and repeat the change.',
  413: 'Make it smaller and try again.',
  429: 'Wait a minute and try again.',
  503: 'Try again in a moment.',
}
