"""Where sources agree, differ, copy and keep silent."""
