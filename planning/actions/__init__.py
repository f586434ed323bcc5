"""What can be done with plans (``plan``, ``agreement``, ``touch_up``) and with appointments (``booking``)."""
