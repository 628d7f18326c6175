package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;

/**
 * Consecutive rows of a chunk on the device, as addresses; 0 is null.
 *
 * @param rows [count x rowWords words], padded
 * @param screen [count x screenStride bytes] what the screen reads: the rows, or float16 copies
 * @param imageTileBytes bytes of 128 rows of the image
 * @param image the screen's rows as tile images (image_rows in screen_wide_sm90.cu), or null
 * @param residuals [count] or null
 * @param norms [count] squared norms in the frame
 * @param weights [count] or null
 * @param assignments [count], written; read first where {@code countMoved}
 * @param bounds [count] of the assignments, written, read first where they are used; or null
 * @param distances [count] or null
 */
record RowSlice(
    ElementType type,
    int count,
    int rowWords,
    int screenStride,
    long imageTileBytes,
    long rows,
    long screen,
    long image,
    long residuals,
    long norms,
    long weights,
    long assignments,
    long bounds,
    long distances) {

  /** The struct ChunkRows of decide.cuh, in these centroids' frame. */
  void addTo(KernelArguments arguments, DeviceCentroids centroids) {
    arguments.next().address(rows).address(weights).address(centroids.shift());
    centroids.addFrame(arguments);
    arguments.int32(count).int32(rowWords);
  }

  /** The same rows, with somewhere to write distances to. */
  RowSlice withDistances(long address) {
    return new RowSlice(
        type,
        count,
        rowWords,
        screenStride,
        imageTileBytes,
        rows,
        screen,
        image,
        residuals,
        norms,
        weights,
        assignments,
        bounds,
        address);
  }

  /** Rows {@code first} to {@code first + n} of these. */
  RowSlice part(int first, int n) {
    return new RowSlice(
        type,
        n,
        rowWords,
        screenStride,
        imageTileBytes,
        rows + 4L * first * rowWords,
        screen + (long) first * screenStride,
        offset(image, (long) first / KernelShapes.IMAGE_ROWS * imageTileBytes),
        offset(residuals, 4L * first),
        norms + 4L * first,
        offset(weights, 8L * first),
        assignments + 4L * first,
        offset(bounds, 4L * first),
        offset(distances, 8L * first));
  }

  private static long offset(long address, long bytes) {
    return address == 0 ? 0 : address + bytes;
  }
}
