/**
 * A door: lists of rows, one for each cluster, as the files and tables of vector stores. In: rows
 * in the order of their clusters. Out: files.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.lists;
