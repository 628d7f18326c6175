/**
 * The contract in plain Java, against which the fast engines are tested.
 *
 * @since 0.1.0
 */
package io.flashlloyd.engine.reference;
