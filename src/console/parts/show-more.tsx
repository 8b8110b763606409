/** Reads more of a list that is not read as it is scrolled. */
export const ShowMore = ({
  title = "Show more",
  isLoading,
  onMore,
}: {
  title?: string;
  isLoading: boolean;
  onMore: () => void;
}) => (
  <p class="center">
    <button type="button" disabled={isLoading} onClick={onMore}>
      {isLoading ? "Loading…" : title}
    </button>
  </p>
);
