/** Forms that the page itself answers. */

/** What a form does when it is sent, in place of loading another page: `onsubmit={submitTo(rename)}`. */
export const submitTo = (act: () => unknown) => (event: SubmitEvent) => {
  event.preventDefault();
  void act();
};
