"""What people type about plans and bookings."""
