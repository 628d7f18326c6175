package io.flashlloyd.engine.cuda;

/** What a screen of whole rows finds; all lead to the same bits. */
enum ScreenFinding {
  /** Each row's two best octets of centroids and the score of all others. */
  OCTETS,
  /** Each row's nearest centroid and the score of all others. */
  NEAREST,
  /** Both scores, so that most rows need no distance. */
  NEAREST_AND_SCORE
}
