package dev.segno.security;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses of one family, as in {@code 10.0.0.0/8}. Immutable.
 *
 * @param network address of 4 or 16 bytes
 * @param bits    leading bits that count, 0..32 or 0..128
 */
record AddressRange(InetAddress network, int bits) {

    AddressRange {
        if (bits < 0 || bits > 8 * network.getAddress().length) {
            throw new IllegalArgumentException("a prefix of " + bits + " bits does not fit the address");
        }
    }

    /**
     * Reads {@code address/bits}, or {@code address} alone for this one. Nothing is resolved.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = HostLiteral.address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("no address"));
        int all = 8 * network.getAddress().length;
        return new AddressRange(network, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The IPv4 address in four bytes of an IPv6 address. */
    static InetAddress inside(byte[] address, int from) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {address[from], address[from + 1], address[from + 2], address[from + 3]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
