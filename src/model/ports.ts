/** UDP port for IKE and ESP behind a NAT (RFC 3947, RFC 7296 section 2.23). */
export const NAT_TRAVERSAL_PORT = 4500;
