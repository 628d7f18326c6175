/**
 * Arrow IPC files (Feather version 2). In: record batches. Out: coordinates and ids. For this
 * module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.arrow;
