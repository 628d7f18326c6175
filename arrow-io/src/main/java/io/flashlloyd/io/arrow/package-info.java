/**
 * Arrow IPC files (Feather version 2). In: record batches. Out: coordinates and ids. For this
 * module's own use.
 */
package io.flashlloyd.io.arrow;
