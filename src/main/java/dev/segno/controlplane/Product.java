package dev.segno.controlplane;

/** What this program calls itself in the contract's answers. */
final class Product {

    static final String SERVICE = "orchestrator";
    static final String VERSION = "0.1.0";

    private Product() {}
}
