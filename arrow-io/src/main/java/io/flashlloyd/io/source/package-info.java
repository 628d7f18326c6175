/**
 * What all formats share. In: a listed file, its layout, a stream of coordinates. Out: checked
 * chunks. For this module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.source;
